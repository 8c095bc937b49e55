package org.chiffchaff.serving;

import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcProtocolSelector;
import io.helidon.webserver.grpc.GrpcReflectionFeature;
import io.helidon.webserver.grpc.GrpcRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** HTTP and gRPC on one port, by Helidon SE. */
final class HelidonDoor implements Door {
    // Helidon writes all of a request that it cannot read into the log, as a hex dump with a stack trace.
    private static final Logger GRPC = Logger.getLogger("io.helidon.webserver.grpc.GrpcProtocolHandler");

    static {
        GRPC.setLevel(Level.OFF);
    }

    // Each may hold, beside what HeldBytes counts, the first bytes of its streams.
    private static final int MOST_CONNECTIONS = 1_024;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("guard").daemon().factory());
    private final StalledUploads uploads;
    private final WebServer server;

    /**
     * @param services of which the requests are {@link InPlaceRequests}
     * @param about what a browser is told at the root
     * @param ready whether /health says so
     */
    HelidonDoor(
            ServerConfig config,
            List<ServerServiceDefinition> services,
            HeldBytes held,
            String about,
            BooleanSupplier ready) {
        // A deadline that did not come to pass would otherwise keep its call until its hour.
        timer.setRemoveOnCancelPolicy(true);
        uploads = new StalledUploads(timer, config.pace());
        GrpcRouting.Builder grpc = GrpcRouting.builder().intercept(new Guard(timer));
        for (ServerServiceDefinition service : services) {
            var schema =
                    (ProtoFileDescriptorSupplier) service.getServiceDescriptor().getSchemaDescriptor();
            grpc.service(schema.getFileDescriptor(), () -> service);
        }
        Set<String> paths = services.stream()
                .flatMap(service -> service.getMethods().stream())
                .map(method -> "/" + method.getMethodDescriptor().getFullMethodName())
                .collect(Collectors.toSet());
        probe(config);
        server = WebServer.builder()
                .host(config.host())
                .port(config.port())
                .maxTcpConnections(MOST_CONNECTIONS)
                // Without it Nagle's algorithm and delayed acknowledgements add 40 ms to every call.
                .connectionOptions(options -> options.tcpNoDelay(true))
                // The order of our ending is ours.
                .shutdownHook(false)
                .addConnectionSelector(new HelidonConnections(http2(config, paths), held))
                // Without the upgrade to HTTP/2, which would lead around all that is bounded here.
                .addConnectionSelector(Http1ConnectionSelector.builder()
                        .config(Http1Config.create())
                        .build())
                .protocolsDiscoverServices(false)
                .addRouting(grpc)
                .routing(http -> http.get("/", (request, response) -> response.send(about)))
                .addFeature(GrpcReflectionFeature.builder().enabled(true).build())
                .addFeature(health(ready))
                .build()
                .start();
        if (!server.isRunning()) {
            close();
            throw new ServingException(
                    ServingException.Kind.START,
                    "Cannot listen on " + config.host() + ":" + config.port() + "; the log says why");
        }
    }

    // Helidon logs the stack trace of a port it cannot have, and returns from start() as if it had it.
    private void probe(ServerConfig config) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(config.host(), config.port()));
        } catch (IOException e) {
            timer.shutdownNow();
            throw ServingException.cannotListen(config.host(), config.port(), e);
        }
    }

    private Http2ConnectionSelector http2(ServerConfig config, Set<String> paths) {
        GrpcConfig grpc = GrpcConfig.builder()
                // Otherwise every reply to a client that merely could read gzip is compressed, at 3 ms for 100 KB.
                .enableCompression(false)
                .maxReadBufferSize(config.limits().maxMessageBytes())
                .build();
        return Http2ConnectionSelector.builder()
                .http2Config(Http2Config.builder()
                        // Four frames above the window: selects the flow control that has no race.
                        .maxFrameSize(1 << 20)
                        .maxConcurrentStreams(BoundedStreams.MOST_OPEN)
                        // Its count starts anew at every reset; BoundedStreams does what it is for.
                        .maxRapidResets(-1)
                        .flowControlTimeout(config.pace().patience())
                        .build())
                .addSubProtocolSelector(new UploadSelector(
                        GrpcProtocolSelector.create(grpc),
                        paths,
                        config.limits().maxMessageBytes(),
                        uploads))
                .build();
    }

    private static ObserveFeature health(BooleanSupplier ready) {
        return ObserveFeature.builder()
                .addObserver(HealthObserver.builder()
                        .endpoint("/health")
                        .details(true)
                        .useSystemServices(false)
                        .addCheck(
                                () -> HealthCheckResponse.builder()
                                        .status(ready.getAsBoolean())
                                        .build(),
                                HealthCheckType.READINESS,
                                "model")
                        .build())
                .build();
    }

    @Override
    public int port() {
        return server.port();
    }

    /** Streams whose threads are alive; for tests of what is left behind. */
    int openStreams() {
        return uploads.open();
    }

    /** Deadlines that are waited for; for tests of what is left behind. */
    int deadlines() {
        // Beside the look at uploads.
        return timer.getQueue().size() - 1;
    }

    @Override
    public void endUploads() {
        uploads.stop();
    }

    @Override
    public void close() {
        server.stop();
        timer.shutdownNow();
    }
}
