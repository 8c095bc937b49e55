package org.chiffchaff.serving;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The threads that decode and infer, and the queue in front of them. Work is done in steps, and after each queues again
 * behind all the other that is open: work of a thousand steps keeps work of one waiting no longer than work of two does.
 * Only so much work is open, which may hold much that nobody counts; the rest waits, not begun, and one connection has
 * half of the places at the most, or two. Platform threads: two native calls on virtual threads would freeze every
 * other one of a two-core machine.
 */
final class Workers implements AutoCloseable {
    // As much as the first turns of a burst of short recordings, in which threads do not run dry.
    private static final int OPEN_PER_THREAD = 8;

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
    private final int mostOpen;
    // Guarded by this.
    private final Map<Object, Part> parts = new HashMap<>();
    private final Set<Place> unopened = new LinkedHashSet<>();
    private int taken;
    private int open;
    private boolean closed;

    /** @param maxWaiting how much work is taken on beyond one for each thread */
    Workers(int threads, int maxWaiting) {
        most = threads + maxWaiting;
        mostOpen = OPEN_PER_THREAD * threads;
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
     * @param connection by which it came, told from others by identity
     * @return its place in the queue
     * @throws ServingException where there is too much already, or the workers have been closed; the work is not closed
     */
    synchronized Place submit(Work work, Object connection) {
        if (closed) {
            throw ServingException.stopping();
        }
        Part part = parts.getOrDefault(connection, new Part());
        if (taken == most) {
            throw full("All " + most + " places");
        }
        if (part.taken == half(most)) {
            throw full("All " + half(most) + " places that a connection has");
        }
        parts.put(connection, part);
        part.taken++;
        taken++;
        Place place = new Place(work, connection, part);
        unopened.add(place);
        open();
        return place;
    }

    private static ServingException full(String places) {
        return new ServingException(
                ServingException.Kind.BUSY, places + " for recordings at work and waiting are taken; try again later");
    }

    // A place is free again a moment after its caller was answered, who may ask again at once: so not one alone.
    private static int half(int whole) {
        return Math.max(2, whole / 2);
    }

    /** Opens the next for which there is room. */
    private synchronized void open() {
        Iterator<Place> next = unopened.iterator();
        while (!closed && open < mostOpen && next.hasNext()) {
            Place place = next.next();
            if (place.part.open < half(mostOpen)) {
                next.remove();
                place.opened = true;
                place.part.open++;
                open++;
                pool.execute(place);
            }
        }
    }

    private synchronized void free(Place place) {
        taken--;
        place.part.taken--;
        if (place.opened) {
            open--;
            place.part.open--;
        }
        if (place.part.taken == 0) {
            parts.remove(place.connection);
        }
        open();
    }

    private synchronized boolean leave(Place unopenedPlace) {
        return unopened.remove(unopenedPlace);
    }

    /** Work that was taken on and is not over. */
    synchronized int working() {
        return taken;
    }

    /**
     * Takes work out of the queue and closes it. While a step is being done nothing happens: the step has to look.
     *
     * @return whether it was in the queue
     */
    boolean withdraw(Place place) {
        boolean waited = leave(place) || pool.remove(place);
        if (waited) {
            place.end();
        }
        return waited;
    }

    /** Ends all work, each at its step's next look at whether it is interrupted. */
    @Override
    public void close() {
        List<Place> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(unopened);
            unopened.clear();
        }
        pool.shutdownNow().forEach(waiting -> left.add((Place) waiting));
        left.forEach(Place::end);
        try {
            // The graph must not be closed under a native call; one batch of windows is a matter of milliseconds.
            pool.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What one connection has of the places. */
    private static final class Part {
        private int taken;
        private int open;
    }

    /** Work's place in the queue, the same from its first step to its last. */
    final class Place implements Runnable {
        private final Work work;
        private final Object connection;
        private final Part part;
        private final AtomicBoolean over = new AtomicBoolean();
        private boolean opened; // guarded by the workers

        private Place(Work work, Object connection, Part part) {
            this.work = work;
            this.connection = connection;
            this.part = part;
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
            } catch (RejectedExecutionException stopped) {
                end();
            }
        }

        private void end() {
            if (over.compareAndSet(false, true)) {
                try {
                    work.close();
                } finally {
                    free(this);
                }
            }
        }
    }
}
