package org.chiffchaff.training;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM while a run is under way: the run is asked to stop, and the process waits until it has saved
 * itself. The thread that opened it closes it.
 */
public final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final CountDownLatch left = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "interruption");
    private final Thread worker = Thread.currentThread();
    private volatile boolean requested;

    private Interruption() {}

    public static Interruption watch() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Whether to stop. From any thread. */
    public boolean requested() {
        return requested;
    }

    private void await() {
        requested = true;
        worker.interrupt();
        try {
            if (!left.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the run did not stop within " + PATIENCE_SECONDS + " s; its last epoch is kept");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        left.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun, and the hook with it.
        }
    }
}
