package org.chiffchaff.serving;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;

/** Makes a {@link HelidonConnection} of every HTTP/2 connection. */
record HelidonConnections(ServerConnectionSelector http2, HeldBytes held) implements ServerConnectionSelector {
    @Override
    public int bytesToIdentifyConnection() {
        return http2.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http2.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http2.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return http2.connection(new HelidonConnection(context, held.ofConnection()));
    }
}
