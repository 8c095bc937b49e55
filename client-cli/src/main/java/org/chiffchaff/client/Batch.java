package org.chiffchaff.client;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Many recordings asked for at once, answered in the order in which they were given. */
final class Batch {
    private final IdentifyClient client;
    private final int jobs;

    Batch(IdentifyClient client, int jobs) {
        this.client = client;
        this.jobs = jobs;
    }

    /**
     * Asks for every file.
     *
     * @param outcomes told of each file, in order, on the calling thread
     * @throws ClientException where the server is gone; files after the one that found out are not told of
     */
    void run(List<Path> files, Consumer<Outcome> outcomes) throws InterruptedException {
        ExecutorService threads =
                Executors.newFixedThreadPool(jobs, Thread.ofVirtual().factory());
        try {
            Queue<Future<Outcome>> inFlight = new ArrayDeque<>();
            Iterator<Path> rest = files.iterator();
            while (rest.hasNext() || !inFlight.isEmpty()) {
                // Twice the jobs: a slow first file does not keep the others waiting, and answers do not pile up behind
                // it.
                while (rest.hasNext() && inFlight.size() < 2 * jobs) {
                    Path file = rest.next();
                    inFlight.add(threads.submit(() -> client.identify(file)));
                }
                outcomes.accept(result(inFlight.remove()));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Outcome result(Future<Outcome> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
