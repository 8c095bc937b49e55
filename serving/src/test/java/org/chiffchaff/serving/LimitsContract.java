package org.chiffchaff.serving;

import static org.chiffchaff.serving.IdentifyContract.await;
import static org.chiffchaff.serving.IdentifyContract.lengthy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.models.TestBundles;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How every door keeps to the server's limits, and what clients that do not play along cost the others: nothing. */
@Timeout(120)
abstract class LimitsContract {
    private static final int RECORDING_BYTES = 8 << 20;

    @TempDir
    private Path models;

    private ModelBundle bundle;
    private IdentifyServer server;
    private ManagedChannel channel;

    /** The port of the door under test. */
    abstract int port(IdentifyServer server);

    @BeforeEach
    void start() {
        bundle = ModelBundle.open(TestBundles.write(models, "birds", "1.2.0"), 1);
        server = new IdentifyServer(
                bundle,
                new ServerConfig("127.0.0.1", 0, OptionalInt.of(0), 2, 2, RECORDING_BYTES, Duration.ofMillis(200)));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port(server))
                .usePlaintext()
                // Little, so that an answer that nobody reads does not fit in.
                .flowControlWindow(64 << 10)
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
        bundle.close();
    }

    @Test
    void answersThatNobodyReadsStopNoWorker() throws Exception {
        List<UnreadAnswer> answers = List.of(new UnreadAnswer(channel), new UnreadAnswer(channel));
        await(() -> server.working() == 2);
        await(() -> server.working() == 0);
        assertEquals(2, server.inFlight());
        for (UnreadAnswer answer : answers) {
            assertEquals(3_991, answer.read().get().getWindows());
        }
    }

    @Test
    void aStopEndsTheWorkThatItsGraceIsTooShortFor() throws Exception {
        Future<IdentifyResponse> cut =
                IdentifyServiceGrpc.newFutureStub(channel).identify(lengthy());
        await(() -> server.working() == 1);
        server.close();
        assertEquals(0, server.working());
        assertThrows(ExecutionException.class, cut::get);
    }

    /** A call whose answer is left to lie until it is asked for. */
    private static final class UnreadAnswer extends ClientCall.Listener<IdentifyResponse> {
        private final ClientCall<IdentifyRequest, IdentifyResponse> call;
        private final CompletableFuture<IdentifyResponse> answer = new CompletableFuture<>();

        UnreadAnswer(ManagedChannel channel) {
            call = channel.newCall(IdentifyServiceGrpc.getIdentifyMethod(), CallOptions.DEFAULT);
            call.start(this, new Metadata());
            call.sendMessage(lengthy());
            call.halfClose();
        }

        Future<IdentifyResponse> read() {
            call.request(2);
            return answer;
        }

        @Override
        public void onMessage(IdentifyResponse response) {
            answer.complete(response);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            answer.completeExceptionally(status.asException());
        }
    }
}
