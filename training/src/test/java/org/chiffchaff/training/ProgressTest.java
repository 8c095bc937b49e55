package org.chiffchaff.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProgressTest {
    private static Progress.Row row(int epoch, double loss, double macroF1) {
        return new Progress.Row(epoch, 1, 0.5, loss, 0.5, macroF1, 1, 1e-3, 100);
    }

    @Test
    void higherMacroF1IsBetterAndThenLowerLoss() {
        Progress.Row row = row(1, 0.7, 0.5);
        assertEquals(true, row(2, 0.9, 0.6).betterThan(row));
        assertEquals(false, row(2, 0.1, 0.4).betterThan(row));
        assertEquals(true, row(2, 0.6, 0.5).betterThan(row));
        assertEquals(false, row(2, 0.7, 0.5).betterThan(row));
        assertEquals(true, row(2, Double.NaN, Double.NaN).betterThan(row(1, Double.NaN, Double.NaN)));
    }

    @Test
    void keepsTheBestEpoch() {
        Progress progress = Progress.start()
                .afterBatch(Progress.Sums.ZERO.plus(2, 1, 3, 4, 0.5))
                .afterEpoch(row(1, 0.7, 0.5))
                .afterEpoch(row(2, 0.7, 0.9))
                .afterEpoch(row(3, 0.1, 0.8));
        assertEquals(1, progress.best());
        assertEquals(3, progress.epoch());
        assertEquals(0, progress.batch());
        assertEquals(1, progress.step());
        assertEquals(Progress.Sums.ZERO, progress.sums());
    }

    @Test
    void sumsCountWindows() {
        Progress.Sums sums = Progress.Sums.ZERO.plus(2, 1, 3, 4, 0.5).plus(8, 3, 1, 2, 0.25);
        assertEquals(new Progress.Sums(24, 10, 4, 6, 0.75), sums);
    }

    @Test
    void rowsAreCsv() {
        assertEquals("3,1,0.5,0.25,0.5,0.75,1,0.001,100\n", row(3, 0.25, 0.75).csv());
        assertEquals(
                "3,1,0.5,,0.5,,1,0.001,100\n", row(3, Double.NaN, Double.NaN).csv());
    }
}
