package org.chiffchaff.serving;

import static org.chiffchaff.serving.DoorContract.request;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.models.TestBundles;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with a real model, asked by one of its doors. */
@Timeout(120)
abstract class DoorContract {
    static final int MAX_RECORDING_BYTES = 8 << 20;

    @TempDir
    private Path models;

    private ModelBundle bundle;
    private IdentifyServer server;
    private ManagedChannel channel;
    private IdentifyServiceGrpc.IdentifyServiceBlockingStub stub;

    /** The port of the door under test. */
    abstract int port(IdentifyServer server);

    /** How long a stop waits for calls in flight. */
    Duration grace() {
        return Duration.ofSeconds(20);
    }

    @BeforeEach
    void start() {
        bundle = ModelBundle.open(TestBundles.write(models, "birds", "1.2.0"), 1);
        start(UploadPace.STANDARD);
    }

    private void start(UploadPace pace) {
        server = new IdentifyServer(
                bundle,
                new ServerConfig(
                        "127.0.0.1", 0, OptionalInt.of(0), 2, 64, Limits.of(MAX_RECORDING_BYTES), pace, grace()));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port(server))
                .usePlaintext()
                .build();
        stub = IdentifyServiceGrpc.newBlockingStub(channel);
    }

    /** Starts the server anew with another pace of uploads. */
    void restart(UploadPace pace) {
        channel.shutdownNow();
        server.close();
        start(pace);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
        bundle.close();
    }

    int port() {
        return port(server);
    }

    IdentifyServer server() {
        return server;
    }

    ModelBundle bundle() {
        return bundle;
    }

    IdentifyServiceGrpc.IdentifyServiceBlockingStub stub() {
        return stub;
    }

    ManagedChannel channel() {
        return channel;
    }

    IdentifyResponse identify(byte[] audio) {
        return stub.identify(request("tone.wav", audio).build());
    }

    static IdentifyRequest.Builder request(String name, byte[] audio) {
        return IdentifyRequest.newBuilder().setName(name).setAudio(ByteString.copyFrom(audio));
    }

    StatusRuntimeException refusal(IdentifyRequest request) {
        return assertThrows(StatusRuntimeException.class, () -> stub.identify(request));
    }

    /** Waits for what nobody announces; the test's timeout interrupts. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(5);
        }
    }

    // Thousands of windows.
    static IdentifyRequest lengthy() {
        return request("long.wav", Recordings.tone(400)).setOverlapSeconds(0.9).build();
    }
}
