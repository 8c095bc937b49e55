package org.chiffchaff.serving;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The services carried by grpc-java's own transport: for clients that Helidon's gRPC cannot serve, and for load. */
final class NettyDoor implements Door {
    private final Server server;

    NettyDoor(ServerConfig config, List<ServerServiceDefinition> services) {
        int port = config.grpcPort().orElseThrow();
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), port))
                    // Services only hand on to Workers, so nothing native runs on these.
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .maxInboundMessageSize(config.maxMessageBytes())
                    .permitKeepAliveTime(10, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .addServices(services)
                    .addService(ProtoReflectionServiceV1.newInstance())
                    .build()
                    .start();
        } catch (IOException e) {
            throw ServingException.cannotListen(config.host(), port, e);
        }
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            // Calls have been drained before; this flushes their last bytes.
            if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
