package org.chiffchaff.serving;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import org.chiffchaff.audio.AudioException;

/** What a call's failure looks like to its caller: the one place that says so. */
final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

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
            case TOO_LARGE, BUSY -> Status.RESOURCE_EXHAUSTED;
            case STOPPING -> Status.UNAVAILABLE;
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
