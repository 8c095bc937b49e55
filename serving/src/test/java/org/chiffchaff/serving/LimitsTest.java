package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void aHeapThatDoesNotHoldTheLargestRecordingThriceIsRefused() {
        Limits limits = new Limits(64 << 20, 500, 16_000, 64 << 20, Duration.ofHours(1));
        assertDoesNotThrow(() -> limits.verifyHeap(3L * (64 << 20)));
        assertEquals(
                "Java's heap has 201326591 bytes; expected at least 3 times the largest recording, which may have 67108864:"
                        + " give Java more by -Xmx, or take smaller recordings",
                assertThrows(ServingException.class, () -> limits.verifyHeap(3L * (64 << 20) - 1))
                        .getMessage());
    }

    @Test
    void moreThanTheHeapIsNotHeld() {
        Limits limits = new Limits(1 << 20, 500, 16_000, 4 << 20, Duration.ofHours(1));
        assertDoesNotThrow(() -> limits.verifyHeap(4 << 20));
        assertEquals(
                "The bytes of all recordings together are 4194304; expected at most the 4194303 of Java's heap",
                assertThrows(ServingException.class, () -> limits.verifyHeap((4 << 20) - 1))
                        .getMessage());
    }

    @Test
    void anUploadIsHeldToItsRateAfterItsPatienceAndToItsEnd() {
        UploadPace pace = new UploadPace(Duration.ofSeconds(10), 1_000, Duration.ofSeconds(60));
        assertFalse(pace.tooSlow(0, TimeUnit.SECONDS.toNanos(10)));
        assertTrue(pace.tooSlow(4_999, TimeUnit.SECONDS.toNanos(15)));
        assertFalse(pace.tooSlow(5_000, TimeUnit.SECONDS.toNanos(15)));
        assertTrue(pace.tooSlow(1_000_000, TimeUnit.SECONDS.toNanos(60) + 1));
        assertFalse(pace.stalled(TimeUnit.SECONDS.toNanos(10)));
        assertTrue(pace.stalled(TimeUnit.SECONDS.toNanos(10) + 1));
    }

    /** Half a megabit a second, as a field station has it. */
    @Test
    void aSlowUplinkIsGivenTheTimeForTheLargestRecording() {
        long bytesPerSecond = 500_000 / 8;
        for (long seconds = 60; seconds * bytesPerSecond < 64 << 20; seconds++) {
            assertFalse(UploadPace.STANDARD.tooSlow(seconds * bytesPerSecond, TimeUnit.SECONDS.toNanos(seconds)));
        }
    }

    @Test
    void aConnectionHasHalfOfTheRoomOrOneRecording() {
        HeldBytes server = new HeldBytes(100, 10);
        HeldBytes first = server.ofConnection();
        HeldBytes second = server.ofConnection();
        assertTrue(first.take(50).isEmpty());
        assertEquals(
                "Other recordings fill the 50 bytes a connection has for them; try again later",
                first.take(1).orElseThrow().getMessage());
        assertEquals(50, server.held());
        assertTrue(second.take(50).isEmpty());
        assertEquals(
                "Other recordings fill the 100 bytes this server has for them; try again later",
                server.ofConnection().take(1).orElseThrow().getMessage());
        first.give(50);
        assertEquals(50, server.held());
        assertTrue(new HeldBytes(100, 80).ofConnection().take(80).isEmpty());
    }
}
