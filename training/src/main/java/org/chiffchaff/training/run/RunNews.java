package org.chiffchaff.training.run;

import java.io.PrintWriter;
import java.util.Arrays;
import org.chiffchaff.data.Part;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.feed.TrainingData;

/** Says, before the first step, what was chosen for the user and what the figures to come are to be held against. */
final class RunNews {
    private final TrainPlan plan;
    private final TrainPlan asked;
    private final int classes;
    private final TrainingData data;
    private final PrintWriter err;

    /** @param described the run as it was described last, with what was asked for */
    RunNews(RunDescription run, RunDescription described, TrainingData data, PrintWriter err) {
        this.plan = run.plan();
        this.asked = described.plan();
        this.classes = run.labels().size();
        this.data = data;
        this.err = err;
    }

    void tell(RunProgress progress) {
        if (progress.step() == 0) {
            steps();
            warmup();
        }
        if (plan.stop().epochs() != asked.stop().epochs()) {
            extension(progress);
        }
        validation();
    }

    private int stepsPerEpoch() {
        return plan.batches().steps(data.part(Part.TRAIN).size());
    }

    private void steps() {
        int windows = data.part(Part.TRAIN).size();
        int suiting = TrainPlan.batchSizeFor(windows);
        if (asked.batches().size() == 0 && suiting != TrainPlan.batchSizeFor(Integer.MAX_VALUE)) {
            err.printf(
                    "%d windows a batch, so that an epoch of %d windows has %s; --batch-size says otherwise%n",
                    plan.batches().size(), windows, steps(stepsPerEpoch()));
        } else if (stepsPerEpoch() < TrainPlan.STEPS_WANTED && plan.batches().perStep() > 1) {
            err.printf(
                    "an epoch of %d windows has %s of %d; a smaller --grad-accumulation would make more of it%n",
                    windows,
                    steps(stepsPerEpoch()),
                    plan.batches().size() * plan.batches().perStep());
        } else if (stepsPerEpoch() < TrainPlan.STEPS_WANTED
                && suiting < plan.batches().size()) {
            err.printf(
                    "an epoch of %d windows has %s of %d; --batch-size %d would make more of it%n",
                    windows, steps(stepsPerEpoch()), plan.batches().size(), suiting);
        }
    }

    private static String steps(int count) {
        return count == 1 ? "1 step" : count + " steps";
    }

    private void warmup() {
        long warmup = LearningRate.of(plan, stepsPerEpoch()).warmupSteps();
        if (warmup == 0 && plan.schedule().warmupEpochs() > 0) {
            err.println(
                    "there is no warm-up: it takes a tenth of the run at most, and the run has fewer than 10 steps");
        } else if (warmup < (long) stepsPerEpoch() * plan.schedule().warmupEpochs()) {
            err.printf(
                    "the warm-up of %d epochs is shortened to %.1f, a tenth of the run%n",
                    plan.schedule().warmupEpochs(), (double) warmup / stepsPerEpoch());
        }
    }

    private void extension(RunProgress progress) {
        err.printf(
                "%d epochs instead of %d: from here on the learning rate is that of a run of %d, %.1e now instead of"
                        + " %.1e%n",
                plan.stop().epochs(),
                asked.stop().epochs(),
                plan.stop().epochs(),
                LearningRate.of(plan, stepsPerEpoch()).at(progress.step()),
                LearningRate.of(asked.forWindows(data.part(Part.TRAIN).size()), stepsPerEpoch())
                        .at(progress.step()));
    }

    private void validation() {
        Examples validation = data.part(Part.VALIDATION);
        if (!validation.isEmpty()) {
            int most = Arrays.stream(validation.recordingsOf(classes)).max().orElseThrow();
            err.printf(
                    "on the validation part, naming the most common of %d species always has an accuracy of %.3f%n",
                    classes, (double) most / validation.recordings());
        }
    }
}
