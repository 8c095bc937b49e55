package org.chiffchaff.training.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IntervalTest {
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void isOverOnceInItsLength() {
        Interval interval = new Interval(Duration.ofNanos(5), nanos::get);
        assertEquals(
                LongStream.of(5, 10, 19).boxed().toList(),
                LongStream.of(1, 4, 5, 6, 9, 10, 19, 20, 23)
                        .filter(now -> {
                            nanos.set(now);
                            return interval.getAsBoolean();
                        })
                        .boxed()
                        .toList());
    }

    @Test
    void ofNoLengthIsAlwaysOver() {
        Interval interval = new Interval(Duration.ZERO, nanos::get);
        assertTrue(interval.getAsBoolean());
        assertTrue(interval.getAsBoolean());
    }
}
