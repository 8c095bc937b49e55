package org.chiffchaff.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.LossHead;
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
    void stopsTheRunBeforeItIsSaved(float alpha, String loss, String norm) {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        TrainPlan plan = new TrainPlan(
                TinyRun.SPEC,
                0,
                new TrainPlan.Network(Architecture.AUDIOCNN, 0),
                new TrainPlan.Loss(LossHead.FOCAL, 2, alpha),
                new TrainPlan.Batches(64),
                new TrainPlan.Optimizer(0),
                new TrainPlan.Schedule(1e-3f, 0, LearningRate.Scheduler.CONSTANT),
                new TrainPlan.Stop(1, 1),
                42,
                2);
        try (OrtTrainer session = TinyRun.begin(run, plan)) {
            Trainer trainer = new Trainer(
                    plan, session, run, TinyRun.examples(6, 1), Examples.of(TinyRun.SPEC, List.of()), TinyRun.SILENT);
            String message = assertThrows(
                            TrainingException.class, () -> trainer.run(RunProgress.start(), () -> false, () -> false))
                    .getMessage();
            assertEquals(
                    "The loss of step 1 (epoch 1) is " + loss + " and the norm of its gradients " + norm
                            + "; a lower --lr than 0.001 usually helps",
                    message.replaceFirst("\\d+\\.\\d+E\\d+", "A"));
        }
        assertFalse(run.resumable());
    }
}
