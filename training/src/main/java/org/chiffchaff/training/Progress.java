package org.chiffchaff.training;

import java.util.List;
import java.util.stream.Stream;
import org.chiffchaff.models.Csv;

/**
 * How far a run is; with the checkpoint beside it, all that resuming takes.
 *
 * @param epoch counted from 0, the one under way
 * @param batch of that epoch, the next to be trained
 * @param step of the whole run, the next to be trained
 * @param sums of the epoch under way
 * @param history one row per finished epoch
 * @param best the finished epoch whose checkpoint is kept, -1 before the first
 */
record Progress(int epoch, int batch, long step, Sums sums, List<Row> history, int best) {
    Progress {
        history = List.copyOf(history);
    }

    static Progress start() {
        return new Progress(0, 0, 0, Sums.ZERO, List.of(), -1);
    }

    /** What an epoch adds up, over windows. */
    record Sums(double loss, double gradientNorm, long correct, long windows, double seconds) {
        static final Sums ZERO = new Sums(0, 0, 0, 0, 0);

        Sums plus(double batchLoss, double norm, long batchCorrect, long batchWindows, double batchSeconds) {
            return new Sums(
                    loss + batchLoss * batchWindows,
                    gradientNorm + norm * batchWindows,
                    correct + batchCorrect,
                    windows + batchWindows,
                    seconds + batchSeconds);
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
            double imagesPerSecond) {
        static final String HEADER = Csv.line(List.of(
                "epoch",
                "train_loss",
                "train_accuracy",
                "validation_loss",
                "validation_accuracy",
                "validation_macro_f1",
                "gradient_norm",
                "learning_rate",
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

        /** Higher macro-F1 is better; at equal macro-F1, lower loss. Without a validation part, later is better. */
        boolean betterThan(Row other) {
            if (Double.isNaN(validationMacroF1)) {
                return true;
            }
            return validationMacroF1 > other.validationMacroF1
                    || (validationMacroF1 == other.validationMacroF1 && validationLoss < other.validationLoss);
        }
    }

    Progress afterBatch(Sums newSums) {
        return new Progress(epoch, batch + 1, step + 1, newSums, history, best);
    }

    Progress afterEpoch(Row row) {
        boolean better = best < 0 || row.betterThan(history.get(best));
        List<Row> rows = Stream.concat(history.stream(), Stream.of(row)).toList();
        return new Progress(epoch + 1, 0, step, Sums.ZERO, rows, better ? epoch : best);
    }
}
