package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What grpc-java's own transport does for a call and Helidon 4.4.0 does not: deadlines, a status for whatever is
 * thrown, cancellation of the call's context, descriptions that HTTP/2 can carry. Outermost of the interceptors on
 * Helidon's port.
 */
final class Guard implements ServerInterceptor {
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern TIME = Pattern.compile("(\\d{1,8})([HMSmun])");
    // The client ends an expired call itself, and a close that crosses its reset costs the whole connection.
    private static final long CLOSE_AFTER_DEADLINE_SECONDS = 1;

    private final ScheduledExecutorService timer;

    Guard(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String timeout = Objects.requireNonNullElse(headers.get(TIMEOUT), "");
        Context.CancellableContext context = context(timeout);
        GuardedCall<Q, R> guarded = new GuardedCall<>(call, (Upload) Arrival.KEY.get(), context);
        context.addListener(ended -> expired(ended, guarded), Runnable::run);
        ServerCall.Listener<Q> listener;
        try {
            check(timeout);
            listener = Contexts.interceptCall(context, guarded, headers, next);
        } catch (RuntimeException | Error failure) {
            guarded.close(Failures.status(failure), new Metadata());
            listener = new ServerCall.Listener<>() {};
        }
        return new GuardedListener<>(guarded, listener);
    }

    private static void check(String timeout) {
        if (!timeout.isEmpty() && !TIME.matcher(timeout).matches()) {
            throw Question.bad("grpc-timeout is " + timeout + "; expected one to eight digits and one of HMSmun");
        }
    }

    private Context.CancellableContext context(String timeout) {
        Matcher time = TIME.matcher(timeout);
        return time.matches()
                ? Context.current().withDeadlineAfter(Long.parseLong(time.group(1)), unit(time.group(2)), timer)
                : Context.current().withCancellation();
    }

    private void expired(Context context, GuardedCall<?, ?> call) {
        if (context.cancellationCause() instanceof TimeoutException) {
            var _ = timer.schedule(
                    () -> Thread.startVirtualThread(() -> close(call)), CLOSE_AFTER_DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void close(GuardedCall<?, ?> call) {
        call.close(Status.DEADLINE_EXCEEDED.withDescription("The caller's deadline passed"), new Metadata());
    }

    private static TimeUnit unit(String letter) {
        return switch (letter) {
            case "H" -> TimeUnit.HOURS;
            case "M" -> TimeUnit.MINUTES;
            case "S" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MILLISECONDS;
            case "u" -> TimeUnit.MICROSECONDS;
            default -> TimeUnit.NANOSECONDS;
        };
    }
}
