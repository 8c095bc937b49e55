package org.chiffchaff.serving;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;

/** Turns what Helidon tells of a call into what gRPC's contract says a service is told. */
final class GuardedListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final GuardedCall<Q, ?> call;
    private final Thread streamThread = Thread.currentThread();

    GuardedListener(GuardedCall<Q, ?> call, ServerCall.Listener<Q> listener) {
        super(listener);
        this.call = call;
    }

    @Override
    public void onMessage(Q message) {
        answering(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        if (!call.answeredEarly()) {
            answering(super::onHalfClose);
        }
        call.awaitEnd();
    }

    @Override
    public void onCancel() {
        // Helidon cancels on the connection's thread when the client resets, and on the stream's own when it cannot
        // read the request, which it tells nobody.
        if (Thread.currentThread() == streamThread) {
            call.unreadable();
        } else {
            call.cancelled();
        }
        super.onCancel();
    }

    private void answering(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error failure) {
            call.close(Failures.status(failure), new Metadata());
        }
    }
}
