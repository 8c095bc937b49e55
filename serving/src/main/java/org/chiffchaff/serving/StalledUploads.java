package org.chiffchaff.serving;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks after the requests that are arriving at a door: ends those that come too slowly, and all when it stops. */
final class StalledUploads {
    private static final System.Logger LOG = System.getLogger(StalledUploads.class.getName());

    /** A request that is arriving. */
    interface Upload {
        /**
         * Ends the request if it is too slow or, of a door that stops, not whole. Called now and then, on a thread that
         * must not wait.
         */
        void look(long nowNanos, UploadPace pace, boolean stopping);
    }

    private final Set<Upload> uploads = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;
    private final UploadPace pace;
    private volatile boolean stopping;

    StalledUploads(ScheduledExecutorService timer, UploadPace pace) {
        this.timer = timer;
        this.pace = pace;
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

    /** Ends what has not arrived whole, now and later: who stops waits for work, not for callers. */
    void stop() {
        stopping = true;
        try {
            timer.execute(this::look);
        } catch (RejectedExecutionException stopped) {
            // By an earlier stop.
        }
    }

    private void look() {
        long now = System.nanoTime();
        for (Upload upload : uploads) {
            try {
                upload.look(now, pace, stopping);
            } catch (RuntimeException failure) {
                // Thrown on, it would end the looking for good.
                LOG.log(Level.WARNING, "A stalled upload could not be ended", failure);
            }
        }
    }
}
