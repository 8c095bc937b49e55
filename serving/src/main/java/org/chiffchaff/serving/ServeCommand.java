package org.chiffchaff.serving;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.chiffchaff.audio.PcmStream;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.Interruption;
import org.chiffchaff.models.Manifest;
import org.chiffchaff.models.ModelBundle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chiffchaff serve}: the one place where a server is put together and taken apart. */
@Command(
        name = "serve",
        description = "Serves a model bundle by gRPC and HTTP.",
        footer = {
            "",
            "Ends in order on SIGTERM and Ctrl-C, with exit code 0: calls in flight are answered.",
            "A second Ctrl-C ends it at once, with exit code 130."
        })
public final class ServeCommand implements CachingSubcommand {
    // It greets with its feature list; a level lasts only as long as somebody holds the logger.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "A training run, a model bundle, or any folder with one model beneath it:"
                    + " its highest version is served.")
    private Path model;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Name or address to listen on.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port of HTTP and gRPC; 0 for any free one.")
    private int port;

    @Option(
            names = "--grpc-port",
            paramLabel = "N",
            description =
                    "A second port for gRPC alone, carried by grpc-java: for clients in Python, C++ and JavaScript.")
    private Integer grpcPort;

    @Option(
            names = "--threads",
            paramLabel = "N",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Threads that decode and infer, a few windows of a recording at a time, in turns."
                    + " Default: one per processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            defaultValue = "64",
            description = "Recordings that may wait for their turn, beside one for each thread.")
    private int maxWaiting;

    @Option(
            names = "--max-recording-mib",
            paramLabel = "N",
            defaultValue = "64",
            description = "Largest recording, encoded, in MiB.")
    private int maxRecordingMib;

    @Option(
            names = "--max-recording-seconds",
            paramLabel = "SECONDS",
            defaultValue = "" + Limits.MAX_RECORDING_SECONDS,
            description = "Longest recording, decoded.")
    private int maxRecordingSeconds;

    @Option(
            names = "--max-detections",
            paramLabel = "N",
            defaultValue = "" + Limits.MAX_DETECTIONS,
            description = "Largest answer: windows of a recording times the species asked for of each.")
    private int maxDetections;

    @Option(
            names = "--max-call-seconds",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description =
                    "How long a call may take from the end of its upload to its answer, whatever deadline its caller"
                            + " has, if any.")
    private int maxCallSeconds;

    @Option(
            names = "--max-upload-seconds",
            paramLabel = "SECONDS",
            defaultValue = "" + UploadPace.LONGEST_SECONDS,
            description =
                    "How long a recording may take to arrive: one of 64 MiB comes within an hour at 19 KB a second.")
    private int maxUploadSeconds;

    @Option(
            names = "--min-upload-kib",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many KiB of a recording have to arrive in a second, on average, after its first minute.")
    private int minUploadKib;

    @Option(
            names = "--max-held-mib",
            paramLabel = "N",
            description =
                    "All recordings together that arrive, wait and are at work, encoded, and answers that are not read"
                            + " yet, in MiB (default: a quarter of Java's heap, or one recording where that is more)."
                            + " One connection may have half, or one recording where that is more.")
    private Integer maxHeldMib;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Seconds a stop waits for calls in flight.")
    private int graceSeconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        HELIDON.setLevel(Level.WARNING);
        // A decoder that is missing is found out now, and not by whoever asks first.
        PcmStream.decoderVersion();
        try (Interruption interruption = Interruption.watch();
                StartUp startUp = new StartUp(interruption);
                ModelBundle bundle = ModelBundle.open(model, 1);
                IdentifyServer server = new IdentifyServer(bundle, config())) {
            Manifest manifest = bundle.manifest();
            err.println("serving " + manifest.name() + " " + manifest.version() + " on " + host + ":" + server.port());
            server.grpcPort().ifPresent(second -> err.println("gRPC by grpc-java on " + host + ":" + second));
            startUp.ended();
            interruption.await();
        }
        return Chiffchaff.OK;
    }

    /** Ends the process where a stop is asked for before the server listens: nothing is in flight yet. */
    private static final class StartUp implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread watcher;

        StartUp(Interruption interruption) {
            watcher = Thread.ofPlatform().name("start-up").daemon().start(() -> {
                try {
                    interruption.await();
                    if (!over.get()) {
                        // Not by Java's shutdown, at which ONNX Runtime closes itself beneath who opens the model.
                        Runtime.getRuntime().halt(Chiffchaff.OK);
                    }
                } catch (InterruptedException started) {
                    // From now on a stop is in order.
                }
            });
        }

        void ended() {
            over.set(true);
            watcher.interrupt();
        }

        @Override
        public void close() {
            ended();
        }
    }

    private ServerConfig config() {
        int maxRecordingBytes = Math.clamp((long) maxRecordingMib << 20, Integer.MIN_VALUE, Integer.MAX_VALUE);
        Limits limits = new Limits(
                maxRecordingBytes,
                maxRecordingSeconds,
                maxDetections,
                maxHeldMib == null ? Limits.roomyBytes(maxRecordingBytes) : (long) maxHeldMib << 20,
                Duration.ofSeconds(maxCallSeconds));
        UploadPace pace = new UploadPace(
                UploadPace.STANDARD.patience(),
                Math.clamp((long) minUploadKib << 10, Integer.MIN_VALUE, Integer.MAX_VALUE),
                Duration.ofSeconds(maxUploadSeconds));
        return new ServerConfig(
                host,
                port,
                grpcPort == null ? OptionalInt.empty() : OptionalInt.of(grpcPort),
                threads,
                maxWaiting,
                limits,
                pace,
                Duration.ofSeconds(graceSeconds));
    }
}
