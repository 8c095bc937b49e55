package org.chiffchaff.client;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Many recordings asked for at once, answered in the order in which they were given. */
final class Batch {
    private static final long LOOK_MILLIS = 100;

    private final IdentifyClient client;
    private final int jobs;
    private final List<String> ignoredLabels;

    Batch(IdentifyClient client, int jobs, List<String> ignoredLabels) {
        this.client = client;
        this.jobs = jobs;
        this.ignoredLabels = ignoredLabels;
    }

    /**
     * Asks for every recording, or channel.
     *
     * @param stop looked at now and then: whether to leave the rest
     * @param outcomes told of each, in order, on the calling thread
     * @throws ClientException where the server is gone; those after the one that found out are not told of
     */
    void run(List<Asked> all, BooleanSupplier stop, Consumer<Outcome> outcomes) throws InterruptedException {
        ExecutorService threads =
                Executors.newFixedThreadPool(jobs, Thread.ofVirtual().factory());
        try {
            Queue<Future<Outcome>> inFlight = new ArrayDeque<>();
            Iterator<Asked> rest = all.iterator();
            while (rest.hasNext() || !inFlight.isEmpty()) {
                // Twice the jobs: a slow first file does not keep the others waiting, and answers do not pile up behind
                // it.
                while (rest.hasNext() && inFlight.size() < 2 * jobs) {
                    Asked asked = rest.next();
                    inFlight.add(threads.submit(() -> client.identify(asked, ignoredLabels)));
                }
                Optional<Outcome> outcome = result(inFlight.element(), stop);
                if (outcome.isEmpty()) {
                    return;
                }
                inFlight.remove();
                outcomes.accept(outcome.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    // Empty where it is time to stop.
    private static Optional<Outcome> result(Future<Outcome> future, BooleanSupplier stop) throws InterruptedException {
        try {
            while (!stop.getAsBoolean()) {
                try {
                    return Optional.of(future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
                } catch (TimeoutException notYet) {
                    // Its own deadline ends it.
                }
            }
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
