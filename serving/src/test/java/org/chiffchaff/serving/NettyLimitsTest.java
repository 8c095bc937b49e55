package org.chiffchaff.serving;

final class NettyLimitsTest extends LimitsContract {
    @Override
    int port(IdentifyServer server) {
        return server.grpcPort().orElseThrow();
    }
}
