package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    /** Work of so many steps, the first of which waits until it is released. */
    private Workers.Work work(String name, int steps) {
        return new Workers.Work() {
            private int left = steps;

            @Override
            public boolean step() {
                assertFalse(Thread.currentThread().isVirtual());
                awaitQuietly(release);
                done.add(name);
                left--;
                return left > 0;
            }

            @Override
            public void close() {
                done.add(name + " closed");
            }
        };
    }

    @Test
    void workTakesTurnsStepByStep() throws InterruptedException {
        try (Workers workers = new Workers(1, 2)) {
            workers.submit(work("night", 4), new Object());
            workers.submit(work("dawn", 2), new Object());
            workers.submit(work("call", 1), new Object());
            release.countDown();
            DoorContract.await(() -> workers.working() == 0);
        }
        assertEquals(
                List.of(
                        "night",
                        "dawn",
                        "call",
                        "call closed",
                        "night",
                        "dawn",
                        "dawn closed",
                        "night",
                        "night",
                        "night closed"),
                done);
    }

    @Test
    void noMoreIsTakenThanThereIsRoomForAndWithdrawnWorkMakesRoom() throws InterruptedException {
        try (Workers workers = new Workers(1, 1)) {
            workers.submit(work("first", 1), new Object());
            Workers.Place waiting = workers.submit(work("second", 1), new Object());
            ServingException full =
                    assertThrows(ServingException.class, () -> workers.submit(work("third", 1), new Object()));
            assertEquals(
                    "All 2 places for recordings at work and waiting are taken; try again later", full.getMessage());
            StatusRuntimeException refusal = Failures.refusal(full);
            assertEquals(Status.Code.UNAVAILABLE, refusal.getStatus().getCode());
            assertEquals("1000", refusal.getTrailers().get(Failures.ASK_AGAIN));
            workers.withdraw(waiting);
            assertEquals(List.of("second closed"), done);
            workers.withdraw(waiting);
            workers.submit(work("fourth", 1), new Object());
            release.countDown();
            DoorContract.await(() -> workers.working() == 0);
        }
        assertEquals(List.of("second closed", "first", "first closed", "fourth", "fourth closed"), done);
    }

    /** A recording that has begun holds what nobody counts: eight for each thread have, of one connection four. */
    @Test
    void onlySomeAreOpenAndAConnectionHasHalf() throws InterruptedException {
        Object greedy = new Object();
        try (Workers workers = new Workers(1, 19)) {
            for (int i = 0; i < 10; i++) {
                workers.submit(work("night " + i, 2), greedy);
            }
            ServingException full =
                    assertThrows(ServingException.class, () -> workers.submit(work("night 10", 2), greedy));
            assertEquals(
                    "All 10 places that a connection has for recordings at work and waiting are taken; try again later",
                    full.getMessage());
            workers.submit(work("call", 1), new Object());
            release.countDown();
            DoorContract.await(() -> workers.working() == 0);
        }
        assertEquals(List.of("night 0", "night 1", "night 2", "night 3", "call", "call closed"), done.subList(0, 6));
        assertTrue(done.indexOf("night 4") > done.indexOf("night 0 closed"), done.toString());
        assertEquals(32, done.size());
    }

    @Test
    void closedWorkersLeaveNothingOpenAndTakeNothingOn() throws InterruptedException {
        Workers workers = new Workers(1, 1);
        workers.submit(work("at work", 100), new Object());
        workers.submit(work("waiting", 100), new Object());
        workers.close();
        DoorContract.await(() -> workers.working() == 0);
        assertEquals(1, done.stream().filter("at work closed"::equals).count());
        assertEquals(1, done.stream().filter("waiting closed"::equals).count());
        assertEquals(
                "The server is stopping; ask another one",
                assertThrows(ServingException.class, () -> workers.submit(work("late", 1), new Object()))
                        .getMessage());
    }

    @Test
    void defectsAreToldByANumberThatTheLogKnows() {
        Status status = Failures.status(new IllegalStateException("secret"));
        assertEquals(Status.Code.INTERNAL, status.getCode());
        assertTrue(
                status.getDescription().matches("A defect in the server; its log says more under [0-9a-f]{8}"),
                status.getDescription());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
