package org.chiffchaff.serving;

import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.v1.IdentifyServiceGrpc;

/** A model behind its doors, from the first call to the last answer. */
public final class IdentifyServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IdentifyServer.class.getName());

    private final ServerConfig config;
    private final HealthStatusManager health = new HealthStatusManager();
    private final Admission admission = new Admission();
    private final Workers workers;
    private final HeldBytes held;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("calls").daemon().factory());
    private final HelidonDoor door;
    private final Optional<Door> second;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean ready = true;

    /**
     * Serves until closed. The bundle stays its opener's to close, after this.
     *
     * @throws ServingException where a port cannot be had
     */
    public IdentifyServer(ModelBundle bundle, ServerConfig config) {
        this.config = config;
        Limits limits = config.limits();
        limits.verifyHeap(Runtime.getRuntime().maxMemory());
        // Otherwise a call that was answered in a second would be kept for its hour.
        timer.setRemoveOnCancelPolicy(true);
        this.workers = new Workers(config.threads(), config.maxWaiting());
        this.held = new HeldBytes(limits.maxHeldBytes(), limits.maxRecordingBytes());
        Recognition recognition = new Recognition(
                bundle.manifest().features(),
                bundle.classifier(),
                bundle.labels().size(),
                limits);
        IdentifyEndpoint endpoint = new IdentifyEndpoint(bundle, recognition, workers, limits, timer);
        List<ServerServiceDefinition> services = List.of(
                InPlaceRequests.of(ServerInterceptors.intercept(endpoint, admission)),
                InPlaceRequests.of(health.getHealthService().bindService()));
        health.setStatus(IdentifyServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
        this.door = new HelidonDoor(config, services, held, about(bundle), () -> ready);
        try {
            this.second = config.grpcPort().isPresent()
                    ? Optional.of(new NettyDoor(config, services, held))
                    : Optional.empty();
        } catch (RuntimeException e) {
            door.close();
            throw e;
        }
    }

    private static String about(ModelBundle bundle) {
        return "Chiffchaff serves " + bundle.manifest().name() + " "
                + bundle.manifest().version()
                + " by gRPC: chiffchaff.v1.IdentifyService, grpc.health.v1.Health and reflection on this port.\n"
                + "Recordings to species: chiffchaff identify FILES --server HOST:PORT. Health: /health\n";
    }

    /** The port of HTTP and gRPC. */
    public int port() {
        return door.port();
    }

    /** The second port, if one was asked for. */
    public OptionalInt grpcPort() {
        return second.map(netty -> OptionalInt.of(netty.port())).orElse(OptionalInt.empty());
    }

    /** Calls that are being answered. */
    int inFlight() {
        return admission.inFlight();
    }

    /** Streams of the first port whose threads are alive. */
    int openStreams() {
        return door.openStreams();
    }

    /** Deadlines that are waited for. */
    int deadlines() {
        return timer.getQueue().size() + door.deadlines();
    }

    /** Bytes of recordings that are held. */
    long heldBytes() {
        return held.held();
    }

    /** Recordings at work. */
    int working() {
        return workers.working();
    }

    /** Ends in order: refuses new calls and what has not arrived whole, says that it is ending, answers the rest, closes. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        // First, so that whoever has heard that the server is ending is not let in any more.
        admission.shut();
        ready = false;
        health.enterTerminalState();
        door.endUploads();
        second.ifPresent(Door::endUploads);
        try {
            int left = admission.drain(config.grace());
            if (left > 0) {
                LOG.log(
                        Level.WARNING,
                        left + " calls were not answered within "
                                + config.grace().toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        second.ifPresent(Door::close);
        door.close();
        workers.close();
        timer.shutdownNow();
    }
}
