package org.chiffchaff.client;

import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chiffchaff.v1.GetModelRequest;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.chiffchaff.v1.IdentifyServiceGrpc.IdentifyServiceBlockingStub;
import org.chiffchaff.v1.Model;

/** One server, asked from any number of threads. */
final class IdentifyClient implements AutoCloseable {
    // Every window of a day of sound, with a handful of species each.
    private static final int MAX_RESPONSE_BYTES = 256 << 20;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 8_000;
    // Whether there is a server at all is known sooner than what it makes of a long recording.
    private static final long FIRST_CONTACT_SECONDS = 20;
    // The most that --max-recording-mib takes.
    private static final long LARGEST_RECORDING_BYTES = 1 << 30;
    // The transport has a copy of what it has not sent yet; large recordings wait for each other.
    private static final int MOST_MIB_IN_FLIGHT = 256;

    // Says when a busy server wants to be asked again; a server that is gone cannot.
    private static final Metadata.Key<String> ASK_AGAIN =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private final String server;
    private final Question question;
    private final ManagedChannel channel;
    private final Model model;
    private final Semaphore mibInFlight = new Semaphore(MOST_MIB_IN_FLIGHT, true);

    /**
     * What is asked of every recording.
     *
     * @param topK species per window and in the ranking
     * @param timeoutSeconds for each recording; upload and waiting for a server that is busy or restarts included
     */
    record Question(int topK, float minimumConfidence, double overlapSeconds, long timeoutSeconds) {}

    /**
     * Finds the server and its model.
     *
     * @param server HOST:PORT
     * @throws ClientException where no server answers
     */
    IdentifyClient(String server, Question question) {
        this.server = server;
        this.question = question;
        this.channel = NettyChannelBuilder.forTarget(server)
                .usePlaintext()
                .maxInboundMessageSize(MAX_RESPONSE_BYTES)
                .build();
        IdentifyServiceBlockingStub stub = IdentifyServiceGrpc.newBlockingStub(channel);
        long firstContactSeconds = Math.min(question.timeoutSeconds(), FIRST_CONTACT_SECONDS);
        try {
            this.model = stub.withDeadlineAfter(firstContactSeconds, TimeUnit.SECONDS)
                    .getModel(GetModelRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            channel.shutdownNow();
            throw gone(e, firstContactSeconds);
        }
    }

    /** The model that answers. */
    Model model() {
        return model;
    }

    /**
     * Asks for one recording, or one of its channels.
     *
     * @param ignoredLabels species that are left out
     * @throws ClientException where the server is gone and did not come back within the timeout
     */
    Outcome identify(Asked asked, List<String> ignoredLabels) throws InterruptedException {
        Path file = asked.file();
        try {
            long bytes = Files.size(file);
            if (model.getMaxRecordingBytes() > 0 && bytes > model.getMaxRecordingBytes()) {
                return new Outcome.Failed(asked + ": " + tooLarge(bytes));
            }
            IdentifyRequest request = IdentifyRequest.newBuilder()
                    .setName(name(file))
                    .setTopK(question.topK())
                    .setMinimumConfidence(question.minimumConfidence())
                    .setOverlapSeconds(question.overlapSeconds())
                    .addAllIgnoredLabels(ignoredLabels)
                    .setChannel(asked.channelWord())
                    .build();
            return ask(asked, new Upload(request, file, bytes));
        } catch (IOException e) {
            return unreadable(asked, e);
        }
    }

    private static Outcome unreadable(Asked asked, IOException e) {
        return new Outcome.Failed(
                asked + (e instanceof NoSuchFileException ? ": there is no such file" : ": cannot be read: " + e));
    }

    /** Asks for one recording, whose length was found before: its file may be another by now. */
    Outcome ask(Asked asked, Upload upload) throws InterruptedException {
        // Found out by the transport, it costs the connection, and whatever else is on its way.
        if (upload.bytes() > Runtime.getRuntime().maxMemory()) {
            return tooLargeForMemory(asked, upload.bytes());
        }
        int mib = Math.clamp(upload.bytes() >> 20, 1, MOST_MIB_IN_FLIGHT);
        mibInFlight.acquire(mib);
        try {
            return askUntilAnswered(asked, upload);
        } catch (OutOfMemoryError e) {
            return tooLargeForMemory(asked, upload.bytes());
        } finally {
            mibInFlight.release(mib);
        }
    }

    private Outcome askUntilAnswered(Asked asked, Upload upload) {
        Deadline deadline = Deadline.after(question.timeoutSeconds(), TimeUnit.SECONDS);
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (true) {
            try {
                return new Outcome.Answered(
                        asked,
                        ClientCalls.blockingUnaryCall(
                                channel, Upload.METHOD, CallOptions.DEFAULT.withDeadline(deadline), upload));
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    return refused(asked, upload, e);
                }
                Optional<Long> busy = askAgainMillis(e);
                pauseMillis = Math.max(pauseMillis, busy.orElse(0L));
                pause(pauseMillis, deadline);
                // Otherwise it would try to connect less and less often, by a clock of its own.
                channel.resetConnectBackoff();
                if (deadline.isExpired()) {
                    if (busy.isEmpty()) {
                        throw gone(e, question.timeoutSeconds());
                    }
                    return new Outcome.Failed(asked + ": the server was busy for " + question.timeoutSeconds() + " s ("
                            + e.getStatus().getDescription() + ")");
                }
                pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    // gRPC wraps whatever goes wrong while a message is made, more than once.
    private Outcome refused(Asked asked, Upload upload, StatusRuntimeException e) {
        List<Throwable> causes = Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .toList();
        if (causes.stream().anyMatch(OutOfMemoryError.class::isInstance)) {
            return tooLargeForMemory(asked, upload.bytes());
        }
        return causes.stream()
                .filter(IOException.class::isInstance)
                .map(cause -> unreadable(asked, (IOException) cause))
                .findFirst()
                .orElseGet(() -> new Outcome.Failed(reason(asked, e.getStatus())));
    }

    private static Outcome tooLargeForMemory(Asked asked, long bytes) {
        long memory = Runtime.getRuntime().maxMemory();
        return new Outcome.Failed(asked + ": " + mib(bytes) + " do not fit into this client's memory, " + mib(memory)
                + " for all that is in flight; give it more: JAVA_TOOL_OPTIONS=-Xmx" + ((memory + 2 * bytes) >> 20)
                + "m");
    }

    private static Optional<Long> askAgainMillis(StatusRuntimeException e) {
        return Optional.ofNullable(e.getTrailers())
                .map(trailers -> trailers.get(ASK_AGAIN))
                // Anything but a number means that it does not want to be asked.
                .filter(millis -> millis.matches("\\d{1,9}"))
                .map(Long::valueOf);
    }

    private String tooLarge(long bytes) {
        String much = mib(bytes) + " are more than the server takes, " + mib(model.getMaxRecordingBytes());
        return bytes > LARGEST_RECORDING_BYTES
                ? much + ", and than any can; cut it, or send FLAC: it takes a third to a half of a WAV"
                : much + "; start the server with --max-recording-mib " + ((bytes + (1 << 20) - 1) >> 20)
                        + ", or send FLAC: it takes a third to a half of a WAV";
    }

    // A path is nobody's business and may be longer than a message can quote.
    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private String reason(Asked asked, Status status) {
        String description = status.getDescription() == null ? "" : status.getDescription();
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return asked + ": no answer within " + question.timeoutSeconds() + " s";
        }
        String named = name(asked.file()) + ": ";
        return description.startsWith(named)
                ? asked + ": " + description.substring(named.length())
                : asked + ": " + description + " (" + status.getCode() + ")";
    }

    private ClientException gone(StatusRuntimeException e, long seconds) {
        String found = switch (e.getStatus().getCode()) {
            case UNAVAILABLE -> "No server answers at " + server;
            case DEADLINE_EXCEEDED -> "The server at " + server + " did not answer within " + seconds + " s";
            case UNIMPLEMENTED -> "The server at " + server + " is no Chiffchaff server";
            default -> "The server at " + server + " failed: " + e.getStatus().getCode();
        };
        String description = e.getStatus().getDescription();
        String why = description == null
                ? ""
                : " (" + description.lines().findFirst().orElse("") + ")";
        return new ClientException(found + why + "; start one with: chiffchaff serve --model DIR", e);
    }

    // Callers that were refused together do not come back together.
    private static void pause(long millis, Deadline deadline) {
        long scattered = millis + ThreadLocalRandom.current().nextLong(millis / 2);
        // What is left is rounded down, and a pause to the deadline must not end before it.
        long left = deadline.timeRemaining(TimeUnit.MILLISECONDS) + 1;
        try {
            Thread.sleep(Math.clamp(left, 0, scattered));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
