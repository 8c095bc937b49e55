package org.chiffchaff.serving;

import static org.chiffchaff.serving.DoorContract.request;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

final class HelidonRefusalsTest extends RefusalsContract {
    @Override
    int port(IdentifyServer server) {
        return server.port();
    }

    @Test
    void aCompressedRequestIsRefused() {
        assertRefused(
                Status.Code.UNIMPLEMENTED,
                "The request is compressed; this port takes plain requests only",
                assertThrows(
                        StatusRuntimeException.class,
                        () -> stub().withCompression("gzip")
                                .identify(
                                        request("tone.wav", Recordings.tone(1)).build())));
    }
}
