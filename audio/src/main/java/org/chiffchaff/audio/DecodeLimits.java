package org.chiffchaff.audio;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * What decoding one recording may cost, of which its size tells nothing: 700 bytes of FLAC may hold an hour of a level
 * that stays.
 *
 * @param mostSeconds of sound, with the silence that stands in place of what was lost; of a recording that goes on
 *     beyond, no more is decoded and {@link AudioException} thrown; infinite for no limit
 * @param cancelled looked at between reads of a header, between packets and between frames, on the thread that decodes;
 *     once it says true, that throws {@link CancellationException}
 */
public record DecodeLimits(double mostSeconds, BooleanSupplier cancelled) {
    /** For files on the user's own disk: a week of sound, which no recorder writes into one file. */
    public static final DecodeLimits WEEK = new DecodeLimits(7 * 24 * 3600, () -> false);

    public DecodeLimits {
        if (!(mostSeconds > 0)) {
            throw new IllegalArgumentException(
                    "limit of decoded sound is " + mostSeconds + " s; more than 0 s is expected");
        }
        Objects.requireNonNull(cancelled, "cancelled");
    }

    /** Stops where nobody waits for the sound of a recording any more. */
    void requireGoingOn(String name) {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException(name + ": decoding was cancelled");
        }
    }
}
