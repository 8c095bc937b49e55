package org.chiffchaff.serving;

import static org.chiffchaff.serving.DoorContract.request;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
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

    @Test
    void aTimeoutThatIsNoTimeIsRefused() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "soon");
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "grpc-timeout is soon; expected one to eight digits and one of HMSmun",
                assertThrows(
                        StatusRuntimeException.class,
                        () -> stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                                .identify(
                                        request("tone.wav", Recordings.tone(1)).build())));
    }
}
