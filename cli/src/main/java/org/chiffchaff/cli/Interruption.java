package org.chiffchaff.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, SIGTERM and SIGHUP while work is under way that has to be left in order: the process goes on, and whoever
 * works asks now and then whether to stop. A second Ctrl-C ends the process at once. These may be nested; the thread
 * that opened one closes it.
 *
 * <p>It hears the signals, not Java's shutdown: with that, ONNX Runtime closes itself beneath all who still work with
 * it, and the process may crash.
 */
public final class Interruption implements AutoCloseable {
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");
    private static final long DOUBLED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    // Of the whole process, which ends once it is asked to.
    private static final CountDownLatch REQUESTED = new CountDownLatch(1);
    private static volatile long requestedNanos;

    private final Map<String, Object> handlersBefore = new HashMap<>();

    private Interruption() {}

    public static Interruption watch() {
        Interruption interruption = new Interruption();
        for (String signal : SIGNALS) {
            Signals.handle(signal, () -> request(signal))
                    .ifPresent(before -> interruption.handlersBefore.put(signal, before));
        }
        return interruption;
    }

    /** Whether to stop. From any thread. */
    public boolean requested() {
        return REQUESTED.getCount() == 0;
    }

    /** Waits until it is time to stop. From any thread. */
    public void await() throws InterruptedException {
        REQUESTED.await();
    }

    // One stop may arrive as several signals: a terminal that closes tells its shell, which tells again. So only Ctrl-C
    // counts twice, and only from somebody who had the time to press it twice.
    private static void request(String signal) {
        if (REQUESTED.getCount() > 0) {
            acknowledge();
            requestedNanos = System.nanoTime();
            REQUESTED.countDown();
        } else if (signal.equals("INT") && System.nanoTime() - requestedNanos > DOUBLED_NANOS) {
            Runtime.getRuntime().halt(Chiffchaff.INTERRUPTED);
        }
    }

    // A terminal writes ^C wherever its cursor is: at the start of a line of its own, or of a bar's.
    private static void acknowledge() {
        if (Terminal.hasErrors()) {
            System.err.print(
                    Terminal.ERASE + "ending in order; a second Ctrl-C ends it at once" + System.lineSeparator());
            System.err.flush();
        }
    }

    @Override
    public void close() {
        handlersBefore.forEach(Signals::restore);
    }
}
