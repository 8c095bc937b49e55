package org.chiffchaff.training.run;

import java.util.Locale;

/**
 * The learning rate as a pure function of the step, so that a resumed run needs no memory of it.
 *
 * @param highest reached at the end of the warm-up
 * @param warmupSteps over which it rises in equal parts
 * @param steps of the whole run
 */
public record LearningRate(float highest, long warmupSteps, long steps, Scheduler scheduler) {
    /** What happens after the warm-up. */
    public enum Scheduler {
        /** It falls to zero along half a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983, without restarts). */
        COSINE,
        /** It stays. */
        CONSTANT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int LONGEST_WARMUP = 10;

    /** That of a plan; its warm-up is no longer than a tenth of the run. */
    static LearningRate of(TrainPlan plan, long stepsPerEpoch) {
        long steps = stepsPerEpoch * plan.stop().epochs();
        long warmup = Math.min(stepsPerEpoch * plan.schedule().warmupEpochs(), steps / LONGEST_WARMUP);
        return new LearningRate(
                plan.schedule().learningRate(), warmup, steps, plan.schedule().scheduler());
    }

    /** The rate of a step, counted from 0. */
    float at(long step) {
        if (step < warmupSteps) {
            return highest * (step + 1) / warmupSteps;
        }
        if (scheduler == Scheduler.CONSTANT) {
            return highest;
        }
        double share = (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps);
        return (float) (highest * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, share))));
    }
}
