package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What grpc-java's own transport does for a call and Helidon 4.4.0 does not: deadlines, a status for whatever is
 * thrown, cancellation of the call's context, descriptions that HTTP/2 can carry. Outermost of the interceptors on
 * Helidon's port.
 */
final class Guard implements ServerInterceptor {
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    // The client ends an expired call itself, and a close that crosses its reset costs the whole connection.
    private static final long CLOSE_AFTER_DEADLINE_SECONDS = 1;

    private final ScheduledExecutorService timer;

    Guard(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Context.CancellableContext context = context(headers);
        GuardedCall<Q, R> guarded = new GuardedCall<>(call, Upload.KEY.get(), context);
        context.addListener(ended -> expired(ended, guarded), Runnable::run);
        ServerCall.Listener<Q> listener;
        try {
            listener = Contexts.interceptCall(context, guarded, headers, next);
        } catch (RuntimeException | Error failure) {
            guarded.close(Failures.status(failure), new Metadata());
            listener = new ServerCall.Listener<>() {};
        }
        return new GuardedListener<>(guarded, listener);
    }

    private Context.CancellableContext context(Metadata headers) {
        String timeout = headers.get(TIMEOUT);
        return timeout == null
                ? Context.current().withCancellation()
                : Context.current().withDeadlineAfter(nanos(timeout), TimeUnit.NANOSECONDS, timer);
    }

    private void expired(Context context, GuardedCall<?, ?> call) {
        if (context.cancellationCause() instanceof TimeoutException) {
            var unused = timer.schedule(
                    () -> Thread.startVirtualThread(() -> close(call)), CLOSE_AFTER_DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void close(GuardedCall<?, ?> call) {
        call.close(Status.DEADLINE_EXCEEDED.withDescription("The caller's deadline passed"), new Metadata());
    }

    /** gRPC's form of a time: up to eight digits and a letter for the unit. */
    static long nanos(String timeout) {
        int last = timeout.length() - 1;
        long count = Long.parseLong(timeout.substring(0, last));
        TimeUnit unit = switch (timeout.charAt(last)) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> throw Question.bad("grpc-timeout is " + timeout + "; expected digits and one of HMSmun");
        };
        return unit.toNanos(count);
    }
}
