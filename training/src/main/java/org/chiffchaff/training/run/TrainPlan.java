package org.chiffchaff.training.run;

import java.util.Map;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.LossHead;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.session.AdamW;

/**
 * Every number of a run that shapes what is learned.
 *
 * @param overlapSeconds of neighbouring windows of a training recording
 * @param threads native threads per step; 0 leaves the choice to the runtime
 */
public record TrainPlan(
        FeatureSpec features,
        double overlapSeconds,
        Network network,
        Loss loss,
        Batches batches,
        Optimizer optimizer,
        Schedule schedule,
        Stop stop,
        long seed,
        int threads) {
    private static final int USUAL_BATCH = 64;
    private static final int SMALLEST_BATCH = 16;

    /** Fewer steps than these make little of an epoch. */
    static final int STEPS_WANTED = 8;

    /** @param dropout share of the embedding set to zero in each step */
    public record Network(Architecture architecture, float dropout) {
        public Network {
            require(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and less than 1");
        }
    }

    /**
     * @param gamma of the focal loss alone, as is {@code alpha}: how little windows count that are easy to tell
     * @param alpha weight of the whole loss
     */
    public record Loss(LossHead head, float gamma, float alpha) {
        public Loss {
            require(gamma >= 0 && Float.isFinite(gamma), "focal-gamma", gamma, "at least 0");
            require(alpha > 0 && Float.isFinite(alpha), "focal-alpha", alpha, "a number above 0");
        }

        /** With its parameters, for people. */
        String text() {
            return head == LossHead.FOCAL ? "focal, gamma " + gamma + ", alpha " + alpha : head.label();
        }

        /** The graph for so many classes, its frozen parameters as they are here. */
        public Graph graph(int classes) {
            Graph graph = head.graph(classes);
            return head == LossHead.FOCAL
                    ? graph.withParameters(
                            Map.of(LossHead.GAMMA, Tensor.scalar(gamma), LossHead.ALPHA, Tensor.filled(alpha, classes)))
                    : graph;
        }
    }

    /**
     * @param size windows per batch; the last of an epoch takes what is left. 0 until the windows are counted and a
     *     number is chosen that suits them
     * @param perStep batches whose gradients one step adds up; the last of an epoch takes what is left
     */
    public record Batches(int size, int perStep) {
        private static final int MOST_PER_STEP = 1024;

        public Batches {
            require(
                    perStep >= 1 && perStep <= MOST_PER_STEP,
                    "grad-accumulation",
                    perStep,
                    "1 to " + MOST_PER_STEP + " batches");
        }

        /** Steps of an epoch over so many windows. */
        int steps(int windows) {
            return Math.ceilDiv(Math.ceilDiv(windows, size), perStep);
        }
    }

    /**
     * AdamW's.
     *
     * @param clipNorm longest that all gradients together may be, 0 for any length
     */
    public record Optimizer(float weightDecay, float clipNorm) {
        public Optimizer {
            require(weightDecay >= 0 && weightDecay < 1, "weight-decay", weightDecay, "at least 0 and less than 1");
            require(
                    clipNorm >= 0 && Float.isFinite(clipNorm),
                    "clip-norm",
                    clipNorm,
                    "a number above 0, or 0 for none");
        }

        AdamW adamW() {
            return AdamW.of(weightDecay, clipNorm);
        }
    }

    /**
     * @param learningRate at its highest
     * @param warmupEpochs over which the learning rate rises to it, if that is no more than a tenth of the run
     */
    public record Schedule(float learningRate, int warmupEpochs, LearningRate.Scheduler scheduler) {
        public Schedule {
            require(learningRate > 0 && learningRate < 1, "lr", learningRate, "a number above 0 and below 1");
            atLeast("warmup-epochs", warmupEpochs, 0);
        }
    }

    /**
     * When the run ends.
     *
     * @param epochs at most
     * @param patience epochs without a better one, as {@link RunProgress} judges them
     */
    public record Stop(int epochs, int patience) {
        public Stop {
            atLeast("epochs", epochs, 1);
            atLeast("patience", patience, 1);
        }
    }

    public TrainPlan {
        // In a run of an earlier version, which had all of this on one level.
        if (batches == null) {
            throw new TrainingException(
                    "an earlier version began this run; finish it with that version, or begin a new one");
        }
        if (batches.size() != 0) {
            requireBatchSize(batches.size(), features);
        }
        atLeast("threads", threads, 0);
        requireOverlap(overlapSeconds, features);
    }

    public static void requireBatchSize(int batchSize, FeatureSpec features) {
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
        return batches.size() == 0 ? with(new Batches(batchSizeFor(windows), batches.perStep()), stop) : this;
    }

    TrainPlan withEpochs(int epochs) {
        return with(batches, new Stop(epochs, stop.patience()));
    }

    private TrainPlan with(Batches otherBatches, Stop otherStop) {
        return new TrainPlan(
                features, overlapSeconds, network, loss, otherBatches, optimizer, schedule, otherStop, seed, threads);
    }

    public static void requireOverlap(double overlapSeconds, FeatureSpec features) {
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
