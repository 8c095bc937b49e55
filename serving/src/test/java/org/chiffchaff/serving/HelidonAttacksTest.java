package org.chiffchaff.serving;

final class HelidonAttacksTest extends AttacksContract {
    @Override
    int port(IdentifyServer server) {
        return server.port();
    }
}
