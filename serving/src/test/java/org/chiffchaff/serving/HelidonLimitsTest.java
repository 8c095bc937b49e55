package org.chiffchaff.serving;

final class HelidonLimitsTest extends LimitsContract {
    @Override
    int port(IdentifyServer server) {
        return server.port();
    }
}
