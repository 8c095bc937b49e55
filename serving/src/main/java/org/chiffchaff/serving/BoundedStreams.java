package org.chiffchaff.serving;

import io.helidon.http.http2.Http2ErrorCode;
import io.helidon.http.http2.Http2Exception;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one connection's streams, and how many there may be. Helidon 4.4.0 starts one for every HEADERS frame,
 * and a stream that is reset keeps it for two seconds more: so a connection that opens streams and resets them at once
 * would fill the heap. Its own guard starts its count anew at every reset that comes within its period, which a flood's do.
 */
final class BoundedStreams extends AbstractExecutorService {
    /** Streams open at once, as told to clients. The first bytes of each are counted nowhere. */
    static final int MOST_OPEN = 128;

    // Reset streams that wind up beside the open ones: some four hundred resets a second, more than deadlines cause.
    private static final int MOST_RESET = 1_024;

    private final ExecutorService threads;
    private final AtomicInteger alive = new AtomicInteger();

    BoundedStreams(ExecutorService threads) {
        this.threads = threads;
    }

    /** @throws Http2Exception beyond the bound: it ends the connection whose thread runs into it */
    @Override
    public void execute(Runnable stream) {
        if (alive.incrementAndGet() > MOST_OPEN + MOST_RESET) {
            alive.decrementAndGet();
            throw new Http2Exception(
                    Http2ErrorCode.ENHANCE_YOUR_CALM,
                    "More than " + (MOST_OPEN + MOST_RESET) + " streams are open or were reset just now");
        }
        threads.execute(() -> {
            try {
                stream.run();
            } finally {
                alive.decrementAndGet();
            }
        });
    }

    // The threads are the listener's, which ends them.
    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return threads.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return threads.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return threads.awaitTermination(timeout, unit);
    }
}
