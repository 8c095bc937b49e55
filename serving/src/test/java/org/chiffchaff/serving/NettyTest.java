package org.chiffchaff.serving;

final class NettyTest extends IdentifyContract {
    @Override
    int port(IdentifyServer server) {
        return server.grpcPort().orElseThrow();
    }
}
