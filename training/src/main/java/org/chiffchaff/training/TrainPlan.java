package org.chiffchaff.training;

import java.util.Map;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.LossHead;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.Tensor;

/**
 * Every number of a run that shapes what is learned.
 *
 * @param overlapSeconds of neighbouring windows of a training recording
 * @param batchSize windows per step; the last step of an epoch takes what is left. 0 until the windows are counted and a
 *     number is chosen that suits them
 * @param learningRate at its highest
 * @param warmupEpochs over which the learning rate rises to it, if that is no more than a tenth of the run
 * @param patience epochs without a better one, as {@link RunProgress} judges them, before the run ends
 * @param threads native threads per step; 0 leaves the choice to the runtime
 */
record TrainPlan(
        FeatureSpec features,
        double overlapSeconds,
        Architecture model,
        float dropout,
        LossHead loss,
        float focalGamma,
        float focalAlpha,
        int epochs,
        int batchSize,
        float learningRate,
        int warmupEpochs,
        LearningRate.Scheduler scheduler,
        float weightDecay,
        int patience,
        long seed,
        int threads) {
    private static final int USUAL_BATCH = 64;
    private static final int SMALLEST_BATCH = 16;

    /** Fewer steps than these make little of an epoch. */
    static final int STEPS_WANTED = 8;

    TrainPlan {
        atLeast("epochs", epochs, 1);
        if (batchSize != 0) {
            requireBatchSize(batchSize, features);
        }
        atLeast("warmup-epochs", warmupEpochs, 0);
        atLeast("patience", patience, 1);
        atLeast("threads", threads, 0);
        require(learningRate > 0 && learningRate < 1, "lr", learningRate, "a number above 0 and below 1");
        require(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and less than 1");
        require(weightDecay >= 0 && weightDecay < 1, "weight-decay", weightDecay, "at least 0 and less than 1");
        requireOverlap(overlapSeconds, features);
        require(focalGamma >= 0 && Float.isFinite(focalGamma), "focal-gamma", focalGamma, "at least 0");
        require(focalAlpha > 0 && Float.isFinite(focalAlpha), "focal-alpha", focalAlpha, "a number above 0");
    }

    static void requireBatchSize(int batchSize, FeatureSpec features) {
        // The features of a batch are one buffer.
        int largest = Integer.MAX_VALUE / Float.BYTES / features.featureSize();
        require(batchSize >= 1 && batchSize <= largest, "batch-size", batchSize, "1 to " + largest);
    }

    /** A batch size for so many windows: the usual one, or smaller where an epoch would have but a few steps. */
    static int batchSizeFor(int windows) {
        int size = USUAL_BATCH;
        while (size > SMALLEST_BATCH && Math.ceilDiv(windows, size) < STEPS_WANTED) {
            size /= 2;
        }
        return size;
    }

    /** This plan with a batch size that suits so many windows, unless it has one. */
    TrainPlan forWindows(int windows) {
        return batchSize == 0 ? with(epochs, batchSizeFor(windows)) : this;
    }

    TrainPlan withEpochs(int others) {
        return with(others, batchSize);
    }

    private TrainPlan with(int newEpochs, int newBatchSize) {
        return new TrainPlan(
                features,
                overlapSeconds,
                model,
                dropout,
                loss,
                focalGamma,
                focalAlpha,
                newEpochs,
                newBatchSize,
                learningRate,
                warmupEpochs,
                scheduler,
                weightDecay,
                patience,
                seed,
                threads);
    }

    /** The loss with its parameters, for people. */
    String lossText() {
        return loss == LossHead.FOCAL ? "focal, gamma " + focalGamma + ", alpha " + focalAlpha : loss.label();
    }

    /** The loss head for so many classes, its frozen parameters as this plan wants them. */
    Graph lossHead(int classes) {
        Graph head = loss.graph(classes);
        return loss == LossHead.FOCAL
                ? head.withParameters(Map.of(
                        LossHead.GAMMA, Tensor.scalar(focalGamma), LossHead.ALPHA, Tensor.filled(focalAlpha, classes)))
                : head;
    }

    static void requireOverlap(double overlapSeconds, FeatureSpec features) {
        require(
                overlapSeconds >= 0 && overlapSeconds < features.windowSeconds(),
                "overlap",
                overlapSeconds,
                "at least 0 and less than a window of " + features.windowSeconds() + " s");
    }

    private static void atLeast(String option, int found, int least) {
        require(found >= least, option, found, "at least " + least);
    }

    private static void require(boolean holds, String option, Object found, String expected) {
        if (!holds) {
            throw new TrainingException(option + " is " + found + "; expected " + expected);
        }
    }
}
