package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineProgressTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private long nanos;

    private Progress start(long total) {
        PrintStream err = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new LineProgress("Decoding", total, err, () -> nanos);
    }

    private void step(Progress progress, int times, double secondsEach) {
        for (int i = 0; i < times; i++) {
            nanos += (long) (secondsEach * TimeUnit.SECONDS.toNanos(1));
            progress.step(1);
        }
    }

    @Test
    void saysHowFarAndHowLong() {
        try (Progress progress = start(1000)) {
            step(progress, 100, 0.2);
            progress.note("3 files damaged");
            step(progress, 100, 0.05);
            step(progress, 800, 0.001);
        }
        assertEquals("""
                Decoding: 50/1000 (5 %), 3:10 left
                Decoding: 100/1000 (10 %), 3:00 left
                Decoding: 200/1000 (20 %), 1:40 left, 3 files damaged
                Decoding: 1000/1000 (100 %), took 0:25, 3 files damaged
                """, printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void countsWhereNoEndIsKnown() {
        try (Progress progress = start(0)) {
            step(progress, 30, 0.5);
        }
        assertEquals("""
                Decoding: 20
                Decoding: 30, took 0:15
                """, printed.toString(StandardCharsets.UTF_8));
    }
}
