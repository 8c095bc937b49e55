package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.chiffchaff.training.feed.BatchBuffer;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.session.Checkpoint;
import org.chiffchaff.training.session.OrtTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that is stopped and resumed is the run that was not: bit for bit, with dropout on. */
class ResumeTest {
    private static final Examples TRAINING = TinyRun.examples(10, 1);
    private static final Examples VALIDATION = TinyRun.examples(6, 2);
    private static final TrainPlan PLAN = TinyRun.plan(4, 4);

    @TempDir
    Path folder;

    // 20 windows make four steps of 6, 6, 6 and 2, each observed again at the end, and 12 make two batches to validate
    // on: asked ten times per epoch. Stopped before the first step, in an epoch, before and within the observation,
    // before and within the validation, between two epochs, and at the very end.
    @ParameterizedTest
    @CsvSource({"0, 0, 1", "12, 6, 2", "14, 8, 2", "16, 8, 2", "18, 8, 2", "19, 8, 2", "20, 8, 3", "39, 16, 4"})
    void goesOnAsIfNothingHadHappened(int stoppedAt, int steps, int epoch) {
        RunFolder undisturbed = RunFolder.create(folder.resolve("undisturbed"));
        RunProgress expected = train(undisturbed, RunProgress.start(), VALIDATION, () -> false);

        RunFolder stopped = RunFolder.create(folder.resolve("stopped"));
        AtomicInteger asked = new AtomicInteger();
        CancellationException stop = assertThrows(
                CancellationException.class,
                () -> train(stopped, RunProgress.start(), VALIDATION, () -> asked.getAndIncrement() == stoppedAt));
        assertEquals("stopped in epoch " + epoch, stop.getMessage());
        assertEquals(steps, stopped.progress().step());
        RunProgress found = train(stopped, stopped.progress(), VALIDATION, () -> false);

        assertEquals(16, found.step());
        assertEquals(expected.best(), found.best());
        assertEquals(timeless(expected), timeless(found));
        assertSameCheckpoint(undisturbed, stopped, RunFolder.Kept.LAST);
        assertSameCheckpoint(undisturbed, stopped, RunFolder.Kept.BEST);
    }

    // Three batches make a step, the fourth one of its own: asked before each step, never between its batches.
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "8, 2, 2", "9, 3, 2"})
    void goesOnBetweenStepsOfSeveralBatches(int stoppedAt, int steps, int epoch) {
        TrainPlan plan = TinyRun.plan(3, 3, 6, 3);
        RunFolder undisturbed = RunFolder.create(folder.resolve("undisturbed"));
        RunProgress expected = train(plan, undisturbed, RunProgress.start(), VALIDATION, () -> false);
        assertEquals(6, expected.step());

        RunFolder stopped = RunFolder.create(folder.resolve("stopped"));
        AtomicInteger asked = new AtomicInteger();
        CancellationException stop = assertThrows(
                CancellationException.class,
                () -> train(
                        plan, stopped, RunProgress.start(), VALIDATION, () -> asked.getAndIncrement() == stoppedAt));
        assertEquals("stopped in epoch " + epoch, stop.getMessage());
        assertEquals(steps, stopped.progress().step());
        RunProgress found = train(plan, stopped, stopped.progress(), VALIDATION, () -> false);
        assertEquals(timeless(expected), timeless(found));
        assertSameCheckpoint(undisturbed, stopped, RunFolder.Kept.LAST);
    }

    // It ends in the tenth step without a chance to save itself.
    @Test
    void goesOnFromWhereItSavedItselfOnTheWay() {
        RunFolder undisturbed = RunFolder.create(folder.resolve("undisturbed"));
        RunProgress expected = train(undisturbed, RunProgress.start(), VALIDATION, () -> false);

        RunFolder killed = RunFolder.create(folder.resolve("killed"));
        TrainingListener killing = new TrainingListener() {
            @Override
            public void onStep(RunProgress progress) {
                if (progress.step() == 10) {
                    throw new IllegalStateException("killed");
                }
            }

            @Override
            public void onEpoch(RunProgress progress, boolean best) {}
        };
        try (OrtTrainer session = TinyRun.begin(killed, PLAN)) {
            Trainer trainer = new Trainer(PLAN, session, killed, TRAINING, VALIDATION, killing);
            assertThrows(IllegalStateException.class, () -> trainer.run(RunProgress.start(), () -> false, () -> true));
        }
        assertEquals(9, killed.progress().step());
        RunProgress found = train(killed, killed.progress(), VALIDATION, () -> false);
        assertEquals(timeless(expected), timeless(found));
        assertSameCheckpoint(undisturbed, killed, RunFolder.Kept.LAST);
        assertSameCheckpoint(undisturbed, killed, RunFolder.Kept.BEST);
    }

    @Test
    void goesOnWithoutAValidationPart() {
        Examples none = Examples.of(TinyRun.SPEC, List.of());
        RunFolder run = RunFolder.create(folder.resolve("run"));
        AtomicInteger asked = new AtomicInteger();
        assertThrows(
                CancellationException.class,
                () -> train(run, RunProgress.start(), none, () -> asked.getAndIncrement() == 10));
        RunProgress found = train(run, run.progress(), none, () -> false);
        assertEquals(3, found.best());
        assertEquals(
                List.of(1, 2, 3, 4),
                found.history().stream().map(RunProgress.Row::epoch).toList());
    }

    // What an epoch is judged by is what is kept: the statistics of its own weights, over its first four batches.
    @Test
    void keepsTheStatisticsOfItsLastWeights() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        RunProgress end = train(run, RunProgress.start(), VALIDATION, () -> false);
        RunFolder again = RunFolder.create(folder.resolve("again"));
        BatchBuffer buffer = new BatchBuffer(TinyRun.SPEC, PLAN.batches().size());
        try (OrtTrainer session = TinyRun.resume(run, PLAN)) {
            int windows = 0;
            for (int i = 0; i < 4; i++) {
                BatchBuffer.Batch batch = buffer.gather(
                        TRAINING,
                        TRAINING.shuffled(PLAN.seed(), end.epoch() - 1),
                        i * PLAN.batches().size());
                windows += batch.size();
                session.observe(batch.features(), batch.labels(), (float) batch.size() / windows);
            }
            again.save(session, end, false);
        }
        assertSameCheckpoint(run, again, RunFolder.Kept.LAST);
    }

    @Test
    void learnsWhatThereIsToLearnAndStopsWhenPatienceIsOver() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        TrainPlan plan = TinyRun.plan(40, 2);
        RunProgress end;
        try (OrtTrainer session = TinyRun.begin(run, plan)) {
            end = new Trainer(plan, session, run, TRAINING, VALIDATION, TinyRun.SILENT)
                    .run(RunProgress.start(), () -> false, () -> false);
        }
        assertEquals(1.0, end.history().get(end.best()).validationMacroF1());
        assertTrue(end.epoch() < 40, "trained " + end.epoch() + " epochs");
        assertEquals(end.best() + 3, end.epoch());
        assertTrue(Files.exists(run.checkpoint(RunFolder.Kept.BEST)));
    }

    private static RunProgress train(RunFolder run, RunProgress start, Examples validation, BooleanSupplier stop) {
        return train(PLAN, run, start, validation, stop);
    }

    private static RunProgress train(
            TrainPlan plan, RunFolder run, RunProgress start, Examples validation, BooleanSupplier stop) {
        try (OrtTrainer session = run.resumable() ? TinyRun.resume(run, plan) : TinyRun.begin(run, plan)) {
            return new Trainer(plan, session, run, TRAINING, validation, TinyRun.SILENT).run(start, stop, () -> false);
        }
    }

    // All of a history but how fast it went.
    private static List<List<Number>> timeless(RunProgress progress) {
        return progress.history().stream()
                .map(row -> List.<Number>of(
                        row.epoch(),
                        row.trainLoss(),
                        row.trainAccuracy(),
                        row.validationLoss(),
                        row.validationAccuracy(),
                        row.validationMacroF1(),
                        row.gradientNorm(),
                        row.learningRate()))
                .toList();
    }

    private static void assertSameCheckpoint(RunFolder expected, RunFolder found, RunFolder.Kept kept) {
        Checkpoint one = Checkpoint.read(expected.checkpoint(kept));
        Checkpoint other = Checkpoint.read(found.checkpoint(kept));
        assertEquals(one.trainable().keySet(), other.trainable().keySet());
        one.trainable()
                .forEach((name, tensor) ->
                        assertArrayEquals(tensor.floats(), other.parameter(name).floats(), name));
        one.frozen()
                .forEach((name, tensor) ->
                        assertArrayEquals(tensor.floats(), other.parameter(name).floats(), name));
    }
}
