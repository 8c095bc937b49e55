package org.chiffchaff.serving;

import io.grpc.Status;

final class NettyLimitsTest extends LimitsContract {
    @Override
    int port(IdentifyServer server) {
        return server.grpcPort().orElseThrow();
    }

    @Override
    Status.Code compressedWhenFull() {
        return Status.Code.UNAVAILABLE;
    }

    // Frames are not on the heap.
    @Override
    int copies() {
        return 1;
    }
}
