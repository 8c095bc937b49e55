package org.chiffchaff.serving;

import io.grpc.BindableService;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The services carried by grpc-java's own transport: for clients that Helidon's gRPC cannot serve, and for load. */
final class NettyDoor implements Door {
    // It writes lines and stack traces for requests and connections that are not as they should be, each one.
    private static final Logger TRANSPORT = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty");

    // Two hundred a second, as deadlines cause; a flood ends its own connection.
    private static final int MOST_RESETS = 2_000;
    private static final int RESETS_SECONDS = 10;

    static {
        TRANSPORT.setLevel(Level.SEVERE);
    }

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("uploads").daemon().factory());
    private final StalledUploads stalled;
    private final Server server;

    NettyDoor(ServerConfig config, List<ServerServiceDefinition> services, HeldBytes held) {
        int port = config.grpcPort().orElseThrow();
        stalled = new StalledUploads(timer, config.pace());
        NettyUploads uploads = new NettyUploads(held, stalled, config.longestStream());
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), port))
                    // Services only hand on to Workers, so nothing native runs on these.
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .decompressorRegistry(DecompressorRegistry.emptyInstance().with(new PatientGzip(), true))
                    .maxInboundMessageSize(config.limits().maxMessageBytes())
                    .permitKeepAliveTime(10, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .maxConcurrentCallsPerConnection(BoundedStreams.MOST_OPEN)
                    .maxRstFramesPerWindow(MOST_RESETS, RESETS_SECONDS)
                    .addTransportFilter(uploads.connections())
                    .addStreamTracerFactory(uploads)
                    .intercept(uploads)
                    .addServices(services)
                    .addService(InPlaceRequests.of(
                            ProtoReflectionServiceV1.newInstance().bindService()))
                    .addService(InPlaceRequests.of(olderReflection().bindService()))
                    .build()
                    .start();
        } catch (IOException e) {
            timer.shutdownNow();
            throw ServingException.cannotListen(config.host(), port, e);
        }
    }

    // Many tools of today ask for nothing else.
    @SuppressWarnings("deprecation")
    private static BindableService olderReflection() {
        return ProtoReflectionService.newInstance();
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public void endUploads() {
        stalled.stop();
    }

    @Override
    public void close() {
        timer.shutdownNow();
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
