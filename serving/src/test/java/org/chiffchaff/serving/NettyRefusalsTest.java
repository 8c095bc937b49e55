package org.chiffchaff.serving;

import static org.chiffchaff.serving.DoorContract.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.CallOptions;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

final class NettyRefusalsTest extends RefusalsContract {
    @Override
    int port(IdentifyServer server) {
        return server.grpcPort().orElseThrow();
    }

    @Test
    void aCompressedRequestIsAnswered() {
        assertEquals(
                1,
                stub().withCompression("gzip")
                        .identify(request("tone.wav", Recordings.tone(1)).build())
                        .getWindows());
    }

    @Test
    void aRequestThatIsTooLargeOnceItIsReadIsRefused() {
        assertRefused(
                Status.Code.RESOURCE_EXHAUSTED,
                "Decompressed gRPC message exceeds maximum size 8454144",
                assertThrows(
                        StatusRuntimeException.class,
                        () -> stub().withCompression("gzip")
                                .identify(request("zeros.wav", new byte[2 * MAX_RECORDING_BYTES])
                                        .build())));
    }

    @Test
    void aRequestThatIsNotCompressedAsItSaysIsRefused() throws Exception {
        CompressorRegistry lies = CompressorRegistry.newEmptyInstance();
        lies.register(new Lie());
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port())
                .usePlaintext()
                .compressorRegistry(lies)
                .build();
        try {
            assertRefused(
                    Status.Code.INVALID_ARGUMENT,
                    "The request cannot be read: Not in GZIP format",
                    refusal(channel, CallOptions.DEFAULT.withCompression("gzip"), new Bytes(), new byte[99]));
        } finally {
            channel.shutdownNow();
        }
    }

    /** Says gzip and leaves everything as it is. */
    private record Lie() implements Compressor {
        @Override
        public String getMessageEncoding() {
            return "gzip";
        }

        @Override
        public OutputStream compress(OutputStream stream) {
            return stream;
        }
    }
}
