package org.chiffchaff.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpreadTest {
    /** Expected: {@code mean} and {@code stdev} of the same numbers by Python's statistics module. */
    @Test
    void isTheMeanAndTheDeviationOfASample() {
        Spread spread = Spread.of(850, 740, 900, 1070, 930);
        assertEquals(898, spread.mean(), 1e-9);
        assertEquals(120.29131306956458, spread.deviation(), 1e-9);
    }

    @Test
    void ofOneNumberHasNoDeviation() {
        Spread spread = Spread.of(0.85);
        assertEquals(0.85, spread.mean());
        assertTrue(Double.isNaN(spread.deviation()));
    }
}
