package org.chiffchaff.training.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalInt;
import org.chiffchaff.audio.Condition;
import org.junit.jupiter.api.Test;

class DamagedTest {
    private static Condition of(double decodedSeconds, double promisedSeconds, double lostSeconds) {
        return new Condition(22_050, 1, OptionalInt.empty(), decodedSeconds, promisedSeconds, lostSeconds, 0, 0, false);
    }

    @Test
    void whatIsWholeIsUsed() {
        assertEquals(Optional.empty(), Damaged.USE.refusal(of(60, 60, 0)));
        assertEquals(Optional.empty(), Damaged.SKIP.refusal(of(60, 60, 0)));
    }

    @Test
    void nineTenthsAreEnough() {
        assertEquals(Optional.empty(), Damaged.USE.refusal(of(54, 60, 0)));
        assertEquals(Optional.empty(), Damaged.USE.refusal(of(57, 60, 3)));
        assertEquals(
                Optional.of("truncated: 53.9 of 60.0 s; at least 90 % of a recording are expected"),
                Damaged.USE.refusal(of(53.9, 60, 0)));
        assertEquals(
                Optional.of("truncated: 57.0 of 60.0 s; damaged: 3.100 s lost, the first at 0.0 s; at least 90 % of a"
                        + " recording are expected"),
                Damaged.USE.refusal(of(57, 60, 3.1)));
    }

    @Test
    void orNothingIs() {
        assertEquals(Optional.of("truncated: 59.0 of 60.0 s"), Damaged.SKIP.refusal(of(59, 60, 0)));
    }
}
