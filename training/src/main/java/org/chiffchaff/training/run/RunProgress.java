package org.chiffchaff.training.run;

import java.util.List;
import java.util.stream.Stream;
import org.chiffchaff.models.Csv;

/**
 * How far a run is; with the checkpoint beside it, all that resuming takes.
 *
 * @param epoch counted from 0, the one under way
 * @param batch of that epoch, the next to be trained
 * @param step of the whole run, the next to be taken
 * @param skippedInRow steps before it that were skipped one after another, as their loss or gradient was not finite
 * @param sums of the epoch under way
 * @param history one row per finished epoch
 * @param best the finished epoch whose checkpoint is kept, -1 before the first
 */
public record RunProgress(int epoch, int batch, long step, int skippedInRow, Sums sums, List<Row> history, int best) {
    private static final int SMOOTHED_EPOCHS = 5;

    public RunProgress {
        history = List.copyOf(history);
    }

    static RunProgress start() {
        return new RunProgress(0, 0, 0, 0, Sums.ZERO, List.of(), -1);
    }

    /**
     * What an epoch adds up, over windows.
     *
     * @param skipped steps of which nothing else is in here
     */
    public record Sums(double loss, double gradientNorm, long correct, long windows, double seconds, int skipped) {
        public static final Sums ZERO = new Sums(0, 0, 0, 0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(
                    loss + other.loss,
                    gradientNorm + other.gradientNorm,
                    correct + other.correct,
                    windows + other.windows,
                    seconds + other.seconds,
                    skipped + other.skipped);
        }

        static Sums ofSkipped(double seconds) {
            return new Sums(0, 0, 0, 0, seconds, 1);
        }
    }

    /** One epoch, as in {@code metrics.csv}; validation figures are NaN where there is no validation part. */
    record Row(
            int epoch,
            double trainLoss,
            double trainAccuracy,
            double validationLoss,
            double validationAccuracy,
            double validationMacroF1,
            double gradientNorm,
            double learningRate,
            double imagesPerSecond,
            int skippedSteps) {
        static final String HEADER = Csv.line(List.of(
                "epoch",
                "train_loss",
                "train_accuracy",
                "validation_loss",
                "validation_accuracy",
                "validation_macro_f1",
                "gradient_norm",
                "learning_rate",
                "skipped_steps",
                "images_per_second"));

        String csv() {
            return Csv.line(Stream.of(
                            (double) epoch,
                            trainLoss,
                            trainAccuracy,
                            validationLoss,
                            validationAccuracy,
                            validationMacroF1,
                            gradientNorm,
                            learningRate,
                            (double) skippedSteps,
                            imagesPerSecond)
                    .map(Row::number)
                    .toList());
        }

        private static String number(double value) {
            if (Double.isNaN(value)) {
                return "";
            }
            return value == Math.rint(value) && Math.abs(value) < 1e9
                    ? Long.toString((long) value)
                    : Float.toString((float) value);
        }
    }

    /** Whether so many epochs on the validation part have brought no better one. */
    public boolean patienceIsOver(int patience) {
        return best >= 0 && !Double.isNaN(history.getLast().validationMacroF1()) && epoch - 1 - best >= patience;
    }

    /** @param batches that the step took */
    RunProgress afterStep(int batches, Sums ofStep) {
        return new RunProgress(
                epoch,
                batch + batches,
                step + 1,
                ofStep.skipped() > 0 ? skippedInRow + 1 : 0,
                sums.plus(ofStep),
                history,
                best);
    }

    RunProgress afterEpoch(Row row) {
        List<Row> rows = Stream.concat(history.stream(), Stream.of(row)).toList();
        boolean better = best < 0 || better(rows, epoch, best);
        return new RunProgress(epoch + 1, 0, step, skippedInRow, Sums.ZERO, rows, better ? epoch : best);
    }

    // Without a validation part, later is better. With one, the worth decides, and where that is equal, the lower loss.
    private static boolean better(List<Row> rows, int candidate, int incumbent) {
        if (Double.isNaN(rows.get(candidate).validationMacroF1())) {
            return true;
        }
        double found = worth(rows, candidate);
        double known = worth(rows, incumbent);
        return found > known
                || (found == known
                        && rows.get(candidate).validationLoss()
                                < rows.get(incumbent).validationLoss());
    }

    // A validation part is small where species are rare, and a single epoch may be lucky on it: no epoch is worth more
    // than the mean of the last ones up to it. Nor more than its own, as the mean still shines when an epoch has
    // collapsed.
    private static double worth(List<Row> rows, int epoch) {
        double mean = rows.subList(Math.max(0, epoch + 1 - SMOOTHED_EPOCHS), epoch + 1).stream()
                .mapToDouble(Row::validationMacroF1)
                .average()
                .orElseThrow();
        return Math.min(mean, rows.get(epoch).validationMacroF1());
    }
}
