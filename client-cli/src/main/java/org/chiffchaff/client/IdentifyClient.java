package org.chiffchaff.client;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.chiffchaff.v1.GetModelRequest;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.chiffchaff.v1.IdentifyServiceGrpc.IdentifyServiceBlockingStub;
import org.chiffchaff.v1.Model;

/** One server, asked from any number of threads. */
final class IdentifyClient implements AutoCloseable {
    // Every window of a day of sound, with a handful of species each.
    private static final int MAX_RESPONSE_BYTES = 256 << 20;
    private static final int ATTEMPTS = 3;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 8_000;

    // Says when a busy server wants to be asked again; a server that is gone cannot.
    private static final Metadata.Key<String> ASK_AGAIN =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private final String server;
    private final Question question;
    private final ManagedChannel channel;
    private final IdentifyServiceBlockingStub stub;
    private final Model model;

    /**
     * What is asked of every recording.
     *
     * @param topK species per window and in the ranking
     * @param timeoutSeconds for each recording, upload and waiting for a busy server included
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
        this.stub = IdentifyServiceGrpc.newBlockingStub(channel);
        try {
            this.model = stub.withDeadline(deadline()).getModel(GetModelRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            channel.shutdownNow();
            throw gone(e);
        }
    }

    /** The model that answers. */
    Model model() {
        return model;
    }

    /**
     * Asks for one recording.
     *
     * @throws ClientException where the server is gone
     */
    Outcome identify(Path file) {
        try {
            long bytes = Files.size(file);
            if (model.getMaxRecordingBytes() > 0 && bytes > model.getMaxRecordingBytes()) {
                return new Outcome.Failed(file + ": " + mib(bytes) + " are more than the server takes, "
                        + mib(model.getMaxRecordingBytes()));
            }
            IdentifyRequest request = IdentifyRequest.newBuilder()
                    .setName(file.toString())
                    .setAudio(UnsafeByteOperations.unsafeWrap(Files.readAllBytes(file)))
                    .setTopK(question.topK())
                    .setMinimumConfidence(question.minimumConfidence())
                    .setOverlapSeconds(question.overlapSeconds())
                    .build();
            return ask(file, request);
        } catch (NoSuchFileException e) {
            return new Outcome.Failed(file + ": there is no such file");
        } catch (IOException e) {
            return new Outcome.Failed(file + ": cannot be read: " + e);
        }
    }

    private Outcome ask(Path file, IdentifyRequest request) {
        Deadline deadline = deadline();
        long pauseMillis = FIRST_PAUSE_MILLIS;
        int unanswered = 0;
        while (true) {
            try {
                return new Outcome.Answered(file, stub.withDeadline(deadline).identify(request));
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    return new Outcome.Failed(reason(file, e.getStatus()));
                }
                Optional<Long> busy = askAgainMillis(e);
                if (busy.isEmpty() && ++unanswered == ATTEMPTS) {
                    throw gone(e);
                }
                pauseMillis = Math.max(pauseMillis, busy.orElse(0L));
                pause(pauseMillis, deadline);
                if (busy.isPresent() && deadline.isExpired()) {
                    return new Outcome.Failed(file + ": the server was busy for " + question.timeoutSeconds() + " s ("
                            + e.getStatus().getDescription() + ")");
                }
                pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    private static Optional<Long> askAgainMillis(StatusRuntimeException e) {
        return Optional.ofNullable(e.getTrailers())
                .map(trailers -> trailers.get(ASK_AGAIN))
                // Anything but a number means that it does not want to be asked.
                .filter(millis -> millis.matches("\\d{1,9}"))
                .map(Long::valueOf);
    }

    private Deadline deadline() {
        return Deadline.after(question.timeoutSeconds(), TimeUnit.SECONDS);
    }

    private String reason(Path file, Status status) {
        String description = status.getDescription() == null ? "" : status.getDescription();
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return file + ": no answer within " + question.timeoutSeconds() + " s";
        }
        return description.startsWith(file + ": ")
                ? description
                : file + ": " + description + " (" + status.getCode() + ")";
    }

    private ClientException gone(StatusRuntimeException e) {
        String found = switch (e.getStatus().getCode()) {
            case UNAVAILABLE -> "No server answers at " + server;
            case DEADLINE_EXCEEDED ->
                "The server at " + server + " did not answer within " + question.timeoutSeconds() + " s";
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
