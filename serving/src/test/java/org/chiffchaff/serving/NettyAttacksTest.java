package org.chiffchaff.serving;

final class NettyAttacksTest extends AttacksContract {
    @Override
    int port(IdentifyServer server) {
        return server.grpcPort().orElseThrow();
    }
}
