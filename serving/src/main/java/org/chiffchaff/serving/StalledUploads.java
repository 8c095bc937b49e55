package org.chiffchaff.serving;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks after the requests that are arriving at a door: ends those of which nothing comes any more. */
final class StalledUploads {
    private static final System.Logger LOG = System.getLogger(StalledUploads.class.getName());

    /** A request that is arriving. */
    interface Upload {
        /** Ends the request if it has stalled. Called now and then, on a thread that must not wait. */
        void look(long nowNanos, long patienceNanos);
    }

    private final Set<Upload> uploads = ConcurrentHashMap.newKeySet();
    private final long patienceNanos;

    /**
     * @param patience how long an upload may rest
     */
    StalledUploads(ScheduledExecutorService timer, Duration patience) {
        this.patienceNanos = patience.toNanos();
        var _ = timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    void watch(Upload upload) {
        uploads.add(upload);
    }

    /** Whether the upload was watched up to now. */
    boolean forget(Upload upload) {
        return uploads.remove(upload);
    }

    /** How many uploads are being watched. */
    int open() {
        return uploads.size();
    }

    private void look() {
        long now = System.nanoTime();
        for (Upload upload : uploads) {
            try {
                upload.look(now, patienceNanos);
            } catch (RuntimeException failure) {
                // Thrown on, it would end the looking for good.
                LOG.log(Level.WARNING, "A stalled upload could not be ended", failure);
            }
        }
    }
}
