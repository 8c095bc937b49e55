package org.chiffchaff.serving;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** One connection to Helidon's port, with what it may have of the server. */
final class HelidonConnection implements ConnectionContext {
    private final ConnectionContext helidon;
    private final ExecutorService streams;
    private final HeldBytes held;

    /** @param held room of this connection's recordings */
    HelidonConnection(ConnectionContext helidon, HeldBytes held) {
        this.helidon = helidon;
        this.streams = new BoundedStreams(helidon.executor());
        this.held = held;
    }

    HeldBytes held() {
        return held;
    }

    @Override
    public ExecutorService executor() {
        return streams;
    }

    @Override
    public ListenerContext listenerContext() {
        return helidon.listenerContext();
    }

    @Override
    public DataWriter dataWriter() {
        return helidon.dataWriter();
    }

    @Override
    public DataReader dataReader() {
        return helidon.dataReader();
    }

    @Override
    public Router router() {
        return helidon.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return helidon.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return helidon.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return helidon.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return helidon.localPeer();
    }

    @Override
    public boolean isSecure() {
        return helidon.isSecure();
    }

    @Override
    public String socketId() {
        return helidon.socketId();
    }

    @Override
    public String childSocketId() {
        return helidon.childSocketId();
    }
}
