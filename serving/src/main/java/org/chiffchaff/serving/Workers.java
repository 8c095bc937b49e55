package org.chiffchaff.serving;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that decode and infer, and the line in front of them. Platform threads: two native calls on virtual
 * threads would freeze every other one of a two-core machine.
 */
final class Workers implements AutoCloseable {
    private final ThreadPoolExecutor pool;

    Workers(int threads, int maxWaiting) {
        pool = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(maxWaiting),
                Thread.ofPlatform().name("recogniser-", 0).daemon().factory());
    }

    /**
     * Takes a task into the line.
     *
     * @return the task's place, which does not hold on to what the task held once that is done
     * @throws ServingException where the line is full
     */
    Runnable submit(Runnable task) {
        Runnable place = new FutureTask<>(task, null);
        try {
            pool.execute(place);
            return place;
        } catch (RejectedExecutionException e) {
            throw new ServingException(
                    ServingException.Kind.BUSY,
                    "Too many recordings wait: " + pool.getQueue().size() + " behind " + pool.getPoolSize()
                            + " at work; try again later",
                    e);
        }
    }

    /** Tasks being worked on. */
    int working() {
        return pool.getActiveCount();
    }

    /**
     * Takes a task out of the line.
     *
     * @return whether it was still there
     */
    boolean withdraw(Runnable place) {
        return pool.remove(place);
    }

    @Override
    public void close() {
        pool.shutdownNow();
        try {
            // The graph must not be closed under a native call; one batch of windows is a matter of milliseconds.
            pool.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
