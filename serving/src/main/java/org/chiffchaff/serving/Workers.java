package org.chiffchaff.serving;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that decode and infer, and the queue in front of them. Work is done in steps, and after each queues again
 * behind all the other: work of a thousand steps keeps work of one waiting no longer than work of two does. Platform
 * threads: two native calls on virtual threads would freeze every other one of a two-core machine.
 */
final class Workers implements AutoCloseable {
    /** Something to be done in steps, by one thread at a time. */
    interface Work extends AutoCloseable {
        /**
         * Does the next step. Throws nothing: what goes wrong is told to whoever waits for the work.
         *
         * @return whether there is another
         */
        boolean step();

        /** Called once: after the last step, or in place of those that are left. */
        @Override
        void close();
    }

    private final ThreadPoolExecutor pool;
    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    /** @param maxWaiting how much work is taken on beyond one for each thread */
    Workers(int threads, int maxWaiting) {
        most = threads + maxWaiting;
        pool = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("recogniser-", 0).daemon().factory());
    }

    /**
     * Takes work on.
     *
     * @return its place in the queue
     * @throws ServingException where there is too much already, or the workers have been closed; the work is not closed
     */
    Place submit(Work work) {
        if (taken.getAndUpdate(now -> Math.min(now + 1, most)) == most) {
            throw new ServingException(
                    ServingException.Kind.BUSY,
                    "All " + most + " places for recordings at work and waiting are taken; try again later");
        }
        Place place = new Place(work);
        try {
            pool.execute(place);
        } catch (RejectedExecutionException closed) {
            taken.decrementAndGet();
            throw ServingException.stopping();
        }
        return place;
    }

    /** Work that was taken on and is not over. */
    int working() {
        return taken.get();
    }

    /**
     * Takes work out of the queue and closes it. While a step is being done nothing happens: the step has to look.
     *
     * @return whether it was in the queue
     */
    boolean withdraw(Place place) {
        boolean waited = pool.remove(place);
        if (waited) {
            place.end();
        }
        return waited;
    }

    /** Ends all work, each at its step's next look at whether it is interrupted. */
    @Override
    public void close() {
        pool.shutdownNow().forEach(waiting -> ((Place) waiting).end());
        try {
            // The graph must not be closed under a native call; one batch of windows is a matter of milliseconds.
            pool.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Work's place in the queue, the same from its first step to its last. */
    final class Place implements Runnable {
        private final Work work;
        private final AtomicBoolean over = new AtomicBoolean();

        private Place(Work work) {
            this.work = work;
        }

        @Override
        public void run() {
            boolean more = false;
            try {
                more = work.step();
            } finally {
                if (!more) {
                    end();
                }
            }
            if (more) {
                queueAgain();
            }
        }

        private void queueAgain() {
            try {
                pool.execute(this);
            } catch (RejectedExecutionException closed) {
                end();
            }
        }

        private void end() {
            if (over.compareAndSet(false, true)) {
                taken.decrementAndGet();
                work.close();
            }
        }
    }
}
