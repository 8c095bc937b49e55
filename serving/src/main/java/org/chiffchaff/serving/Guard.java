package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What grpc-java's own transport does for a call and Helidon 4.4.0 does not: deadlines, a status for whatever is
 * thrown, cancellation of the call's context, descriptions that HTTP/2 can carry. Outermost of the interceptors on
 * Helidon's port.
 */
final class Guard implements ServerInterceptor {
    // The client ends an expired call itself, and a close that crosses its reset costs the whole connection.
    private static final long CLOSE_AFTER_DEADLINE_SECONDS = 1;

    private final ScheduledExecutorService timer;

    Guard(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        CallTimeout.keepFromTransport(headers);
        Context.CancellableContext context = context(CallTimeout.of(headers));
        GuardedCall<Q, R> guarded = new GuardedCall<>(call, (Upload) Arrival.KEY.get(), context);
        context.addListener(ended -> expired(ended, guarded), Runnable::run);
        ServerCall.Listener<Q> listener;
        try {
            CallTimeout.fault(headers).ifPresent(fault -> {
                throw fault;
            });
            listener = Contexts.interceptCall(context, guarded, headers, next);
        } catch (RuntimeException | Error failure) {
            guarded.close(Failures.status(failure), new Metadata());
            listener = new ServerCall.Listener<>() {};
        }
        return new GuardedListener<>(guarded, listener);
    }

    private Context.CancellableContext context(Optional<Duration> timeout) {
        return timeout.map(time -> Context.current().withDeadlineAfter(time.toNanos(), TimeUnit.NANOSECONDS, timer))
                .orElseGet(() -> Context.current().withCancellation());
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
}
