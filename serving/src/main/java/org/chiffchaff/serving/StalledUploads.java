package org.chiffchaff.serving;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends the streams of Helidon's port whose client has gone or stopped sending: Helidon 4.4.0 does not tell. */
final class StalledUploads {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    // Frames that arrived before the reset are still worked through.
    private static final long AFTER_RESET_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Set<UploadStream> streams = ConcurrentHashMap.newKeySet();

    StalledUploads(ScheduledExecutorService timer) {
        var unused = timer.scheduleWithFixedDelay(this::end, 2, 2, TimeUnit.SECONDS);
    }

    void watch(UploadStream stream) {
        streams.add(stream);
    }

    void forget(UploadStream stream) {
        streams.remove(stream);
    }

    /** How many streams are being watched. */
    int open() {
        return streams.size();
    }

    private void end() {
        long now = System.nanoTime();
        List<UploadStream> stalled = streams.stream()
                .filter(stream -> stream.stalled(now, PATIENCE_NANOS, AFTER_RESET_NANOS))
                .toList();
        for (UploadStream stream : stalled) {
            forget(stream);
            // Writes, and a client that does not read keeps its writer waiting.
            Thread.startVirtualThread(stream::end);
        }
    }
}
