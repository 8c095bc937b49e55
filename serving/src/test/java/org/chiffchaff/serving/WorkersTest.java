package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void aFullLineTakesNoMoreAndAWithdrawnTaskMakesRoom() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        AtomicBoolean ran = new AtomicBoolean();
        try (Workers workers = new Workers(1, 1)) {
            workers.submit(() -> {
                assertFalse(Thread.currentThread().isVirtual());
                started.countDown();
                awaitQuietly(release);
            });
            started.await();
            Runnable waiting = workers.submit(() -> ran.set(true));
            ServingException full = assertThrows(ServingException.class, () -> workers.submit(done::countDown));
            assertEquals("Too many recordings wait: 1 behind 1 at work; try again later", full.getMessage());
            StatusRuntimeException refusal = Failures.refusal(full);
            assertEquals(Status.Code.UNAVAILABLE, refusal.getStatus().getCode());
            assertEquals("1000", refusal.getTrailers().get(Failures.ASK_AGAIN));
            assertTrue(workers.withdraw(waiting));
            assertFalse(workers.withdraw(waiting));
            workers.submit(done::countDown);
            release.countDown();
            done.await();
        }
        assertFalse(ran.get());
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
