package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the calls in flight, and once the server is on its way out lets no new one in. */
final class Admission implements ServerInterceptor {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int inFlight;
    private boolean open = true;

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (!enter()) {
            return new Refusal<>(call);
        }
        // A call's context ends with the call, however that ends.
        Context.current().addListener(ended -> leave(), Runnable::run);
        return next.startCall(call, headers);
    }

    /** Lets no new call in from now on. */
    void shut() {
        lock.lock();
        try {
            open = false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the calls inside to be answered.
     *
     * @return calls left when the grace was over
     */
    int drain(Duration grace) throws InterruptedException {
        lock.lock();
        try {
            long nanos = grace.toNanos();
            while (inFlight > 0 && nanos > 0) {
                nanos = idle.awaitNanos(nanos);
            }
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    private boolean enter() {
        lock.lock();
        try {
            if (open) {
                inFlight++;
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            inFlight--;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says no when the request has arrived whole: Helidon ends the connection over an earlier no. */
    private static final class Refusal<Q> extends ServerCall.Listener<Q> {
        private final ServerCall<Q, ?> call;

        Refusal(ServerCall<Q, ?> call) {
            this.call = call;
            call.request(1);
        }

        @Override
        public void onHalfClose() {
            call.close(Failures.status(ServingException.stopping()), new Metadata());
        }
    }
}
