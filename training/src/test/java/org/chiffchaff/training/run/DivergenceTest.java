package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.LossHead;
import org.chiffchaff.onnx.Parameter;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.session.Checkpoint;
import org.chiffchaff.training.session.OrtTrainer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run whose numbers leave what a float holds. */
class DivergenceTest {
    @TempDir
    Path folder;

    // The weight of the loss stands for whatever makes it great: with the lesser, only the gradients overflow.
    @ParameterizedTest
    @CsvSource({"3e38, Infinity, NaN", "1e20, A, Infinity"})
    void endsTheRunAfterTenStepsWithoutHarm(float alpha, String loss, String norm) {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        TrainPlan plan = new TrainPlan(
                TinyRun.SPEC,
                0,
                new TrainPlan.Network(Architecture.AUDIOCNN, 0),
                new TrainPlan.Loss(LossHead.FOCAL, 2, alpha),
                new TrainPlan.Batches(64, 1),
                new TrainPlan.Optimizer(0, 0),
                new TrainPlan.Schedule(1e-3f, 0, LearningRate.Scheduler.CONSTANT),
                new TrainPlan.Stop(20, 20),
                42,
                2);
        try (OrtTrainer session = TinyRun.begin(run, plan)) {
            Trainer trainer = new Trainer(
                    plan, session, run, TinyRun.examples(6, 1), Examples.of(TinyRun.SPEC, List.of()), TinyRun.SILENT);
            String message = assertThrows(
                            TrainingException.class, () -> trainer.run(RunProgress.start(), () -> false, () -> false))
                    .getMessage();
            assertEquals(
                    "10 steps in a row had a loss or a gradient that is not finite; the last is step 10 (epoch 10), with a"
                            + " loss of " + loss + " and a gradient norm of " + norm + ", over chiffchaff/0,"
                            + " chiffchaff/3, goldcrest/1, goldcrest/4, wren/2 and 1 more; a lower --lr than 0.001 or a"
                            + " --clip-norm usually helps",
                    message.replaceFirst("\\d+\\.\\d+E\\d+", "A"));
        }
        assertEquals(
                List.of(1, 1, 1, 1, 1, 1, 1, 1, 1),
                run.progress().history().stream()
                        .map(RunProgress.Row::skippedSteps)
                        .toList());
        Checkpoint last = Checkpoint.read(run.checkpoint(RunFolder.Kept.LAST));
        TinyRun.description(plan).network().parameters().stream()
                .filter(Parameter::trainable)
                .forEach(each -> assertArrayEquals(
                        each.initial().floats(), last.parameter(each.name()).floats(), each.name()));
    }
}
