package org.chiffchaff.training.command;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Says yes when so much time has passed since it last did, or since it was made. One thread. */
final class Interval implements BooleanSupplier {
    private final long nanos;
    private final LongSupplier clock;
    private long last;

    /** @param clock nanoseconds since whenever, as {@link System#nanoTime} */
    Interval(Duration length, LongSupplier clock) {
        this.nanos = length.toNanos();
        this.clock = clock;
        this.last = clock.getAsLong();
    }

    @Override
    public boolean getAsBoolean() {
        long now = clock.getAsLong();
        boolean over = now - last >= nanos;
        last = over ? now : last;
        return over;
    }
}
