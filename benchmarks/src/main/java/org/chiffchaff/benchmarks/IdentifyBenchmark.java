package org.chiffchaff.benchmarks;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.serving.IdentifyServer;
import org.chiffchaff.serving.ServerConfig;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.chiffchaff.v1.IdentifyServiceGrpc.IdentifyServiceBlockingStub;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A recording to an answer over gRPC: a server with the defaults of {@code serve} and a client on one connection, in
 * one process. Every call is timed, so the score is the mean latency and percentiles come with it; with n calls in
 * flight, n divided by the mean is the throughput.
 *
 * <p>Client and server share the processors, as in no real deployment: the client's part is a few tenths of a
 * millisecond. The warm-up is long because, unlike elsewhere, much of the path is Java. What sixteen callers see is
 * mostly waiting.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 10)
@Fork(1)
public class IdentifyBenchmark {
    private static final String HOST = "127.0.0.1";
    private static final int MAX_WAITING = 64;
    private static final int MAX_RECORDING_BYTES = 64 << 20;
    private static final int WINDOW_SECONDS = 5;

    @Param({"5", "60"})
    public int seconds;

    /** How to close what was opened; the last opened comes first. */
    private final Deque<Runnable> closing = new ArrayDeque<>();

    private IdentifyServiceBlockingStub stub;
    private IdentifyRequest request;

    @Setup
    public void start() {
        try {
            open();
        } catch (RuntimeException e) {
            // JMH forgets what has not started; a server's threads would keep its process alive.
            stop();
            throw e;
        }
    }

    private void open() {
        TemporaryFolder folder = new TemporaryFolder();
        closing.push(folder::close);
        // One native thread a call and one call a processor, the defaults of 'serve'.
        ModelBundle bundle = ModelBundle.open(UntrainedBundle.write(folder.path()), 1);
        closing.push(bundle::close);
        int threads = Runtime.getRuntime().availableProcessors();
        IdentifyServer server = new IdentifyServer(
                bundle,
                new ServerConfig(
                        HOST,
                        0,
                        OptionalInt.empty(),
                        threads,
                        MAX_WAITING,
                        MAX_RECORDING_BYTES,
                        Duration.ofSeconds(10)));
        closing.push(server::close);
        ManagedChannel channel = NettyChannelBuilder.forAddress(HOST, server.port())
                .usePlaintext()
                .build();
        closing.push(channel::shutdownNow);
        stub = IdentifyServiceGrpc.newBlockingStub(channel);
        request = IdentifyRequest.newBuilder()
                .setName("noise")
                .setAudio(ByteString.copyFrom(RecordingFormat.FLAC.recording(seconds)))
                .build();
    }

    @Benchmark
    @Threads(1)
    public IdentifyResponse oneInFlight() {
        return identify();
    }

    @Benchmark
    @Threads(16)
    public IdentifyResponse sixteenInFlight() {
        return identify();
    }

    private IdentifyResponse identify() {
        try {
            IdentifyResponse response = stub.identify(request);
            // A rest of a whole second makes a window of its own.
            int windows = Math.ceilDiv(seconds, WINDOW_SECONDS);
            if (response.getWindows() != windows || response.getRankingCount() == 0) {
                throw new BenchmarkException("A recording of " + seconds + " s was answered with "
                        + response.getWindows() + " windows and a ranking of " + response.getRankingCount()
                        + "; expected " + windows + " windows and a ranking");
            }
            return response;
        } catch (RuntimeException e) {
            // JMH forgets this, too, once a call has failed.
            stop();
            throw e;
        }
    }

    @TearDown
    public synchronized void stop() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
