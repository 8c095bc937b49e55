package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RunProgressTest {
    private static RunProgress.Row row(int epoch, double loss, double macroF1) {
        return new RunProgress.Row(epoch, 1, 0.5, loss, 0.5, macroF1, 1, 1e-3, 100, 0);
    }

    private static void assertBest(int[] expected, double... macroF1) {
        RunProgress progress = RunProgress.start();
        for (int epoch = 0; epoch < macroF1.length; epoch++) {
            progress = progress.afterEpoch(row(epoch + 1, 0.7, macroF1[epoch]));
            assertEquals(expected[epoch], progress.best(), "after epoch " + (epoch + 1));
        }
    }

    @Test
    void anEpochThatWasLuckyAloneIsNotKept() {
        // Means of up to five: 0.20 0.30 0.50 0.525 0.54 0.64 0.70 0.66 0.64. The third epoch was lucky.
        int[] best = {0, 1, 2, 3, 4, 5, 6, 6, 6};
        assertBest(best, 0.2, 0.4, 0.9, 0.6, 0.6, 0.7, 0.7, 0.7, 0.5);
    }

    @Test
    void anEpochThatCollapsedIsNotKept() {
        // Means of up to five: 0.10 0.50 0.63 0.70 0.74 0.82 0.84. The sixth epoch collapsed under the highest yet.
        int[] best = {0, 1, 2, 3, 4, 4, 6};
        assertBest(best, 0.1, 0.9, 0.9, 0.9, 0.9, 0.5, 1.0);
    }

    @Test
    void atEqualMacroF1TheLowerLossIsBetter() {
        RunProgress progress = RunProgress.start().afterEpoch(row(1, 0.7, 0.5)).afterEpoch(row(2, 0.8, 0.5));
        assertEquals(0, progress.best());
        assertEquals(2, progress.afterEpoch(row(3, 0.6, 0.5)).best());
    }

    @Test
    void withoutValidationTheLastEpochIsTheBest() {
        RunProgress progress = RunProgress.start()
                .afterEpoch(row(1, Double.NaN, Double.NaN))
                .afterEpoch(row(2, Double.NaN, Double.NaN));
        assertEquals(1, progress.best());
    }

    @Test
    void anEpochBeginsAtItsFirstBatch() {
        RunProgress progress = RunProgress.start()
                .afterStep(1, new RunProgress.Sums(8, 4, 3, 4, 0.5, 0))
                .afterEpoch(row(1, 0.7, 0.5));
        assertEquals(1, progress.epoch());
        assertEquals(0, progress.batch());
        assertEquals(1, progress.step());
        assertEquals(RunProgress.Sums.ZERO, progress.sums());
    }

    @Test
    void sumsCountWindows() {
        RunProgress.Sums sums = new RunProgress.Sums(8, 4, 3, 4, 0.5, 0)
                .plus(new RunProgress.Sums(16, 6, 1, 2, 0.25, 0))
                .plus(RunProgress.Sums.ofSkipped(0.25));
        assertEquals(new RunProgress.Sums(24, 10, 4, 6, 1, 1), sums);
    }

    @Test
    void skippedStepsAreCountedUntilOneIsTaken() {
        RunProgress skipped = RunProgress.start()
                .afterStep(2, RunProgress.Sums.ofSkipped(1))
                .afterEpoch(row(1, 0.7, 0.5))
                .afterStep(2, RunProgress.Sums.ofSkipped(1));
        assertEquals(2, skipped.skippedInRow());
        assertEquals(2, skipped.batch());
        assertEquals(2, skipped.step());
        assertEquals(0, skipped.afterStep(1, RunProgress.Sums.ZERO).skippedInRow());
    }

    @Test
    void rowsAreCsv() {
        assertEquals("3,1,0.5,0.25,0.5,0.75,1,0.001,0,100\n", row(3, 0.25, 0.75).csv());
        assertEquals(
                "3,1,0.5,,0.5,,1,0.001,0,100\n", row(3, Double.NaN, Double.NaN).csv());
    }
}
