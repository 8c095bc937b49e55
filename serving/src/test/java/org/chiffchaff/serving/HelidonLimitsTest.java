package org.chiffchaff.serving;

import io.grpc.Status;

final class HelidonLimitsTest extends LimitsContract {
    @Override
    int port(IdentifyServer server) {
        return server.port();
    }

    @Override
    Status.Code compressedWhenFull() {
        return Status.Code.UNIMPLEMENTED;
    }

    // Once into a frame, which is soon let go, once into the message, and once more in all as that grows.
    @Override
    int copies() {
        return 3;
    }
}
