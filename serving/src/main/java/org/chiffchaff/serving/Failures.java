package org.chiffchaff.serving;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import org.chiffchaff.audio.AudioException;

/** What a call's failure looks like to its caller: the one place that says so. */
final class Failures {
    /** gRPC's own trailer by which a server asks for the call again, and says after how many milliseconds. */
    static final Metadata.Key<String> ASK_AGAIN =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    // About what a recording takes.
    private static final String ASK_AGAIN_MILLIS = "1000";

    private static final System.Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

    /** A failure's status and trailers. */
    static StatusRuntimeException refusal(Throwable failure) {
        Metadata trailers = new Metadata();
        if (failure instanceof ServingException serving && serving.kind() == ServingException.Kind.BUSY) {
            trailers.put(ASK_AGAIN, ASK_AGAIN_MILLIS);
        }
        return status(failure).asRuntimeException(trailers);
    }

    static Status status(Throwable failure) {
        return switch (failure) {
            case AudioException audio -> Status.INVALID_ARGUMENT.withDescription(audio.getMessage());
            case ServingException serving -> code(serving.kind()).withDescription(serving.getMessage());
            case CancellationException cancelled -> Status.CANCELLED.withDescription("The caller went away");
            case StatusRuntimeException status -> status.getStatus();
            case StatusException status -> status.getStatus();
            default -> defect(failure);
        };
    }

    private static Status code(ServingException.Kind kind) {
        return switch (kind) {
            case BAD_REQUEST -> Status.INVALID_ARGUMENT;
            case TOO_LARGE -> Status.RESOURCE_EXHAUSTED;
            case TOO_LONG -> Status.DEADLINE_EXCEEDED;
            case BUSY, STOPPING -> Status.UNAVAILABLE;
            case START -> Status.INTERNAL;
        };
    }

    // The caller gets a word to quote, the log the whole story.
    private static Status defect(Throwable failure) {
        String id = "%08x".formatted(ThreadLocalRandom.current().nextInt());
        LOG.log(Level.ERROR, "Defect " + id, failure);
        return Status.INTERNAL.withDescription("A defect in the server; its log says more under " + id);
    }
}
