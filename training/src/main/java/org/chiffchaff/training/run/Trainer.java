package org.chiffchaff.training.run;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.chiffchaff.data.Metrics;
import org.chiffchaff.data.Seeds;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.feed.BatchBuffer;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.feed.Listing;
import org.chiffchaff.training.session.OrtTrainer;

/**
 * The training loop, and nothing else. What it draws at random depends on the run's seed and the step alone, so a run
 * that was stopped and resumed is the run that was not.
 */
final class Trainer {
    // Enough to know a mean and a variance by. Each costs as much as a step.
    private static final int OBSERVED_BATCHES = 4;
    private static final int MOST_SKIPPED_IN_ROW = 10;
    private static final int NAMED = 5;

    private final TrainPlan plan;
    private final OrtTrainer session;
    private final RunFolder folder;
    private final Examples training;
    private final Examples validation;
    private final TrainingListener listener;
    private final LearningRate learningRate;
    private final BatchBuffer buffer;

    Trainer(
            TrainPlan plan,
            OrtTrainer session,
            RunFolder folder,
            Examples training,
            Examples validation,
            TrainingListener listener) {
        this.plan = plan;
        this.session = session;
        this.folder = folder;
        this.training = training;
        this.validation = validation;
        this.listener = listener;
        this.buffer = new BatchBuffer(training.spec(), plan.batches().size());
        this.learningRate = LearningRate.of(plan, plan.batches().steps(training.size()));
    }

    /**
     * Trains until the epochs are over or patience is.
     *
     * @param stop asked before every batch; once it says yes, the run is saved and left
     * @param save asked after every step; each time it says yes, the run is saved and goes on
     * @return where it ended; its best checkpoint lies in the run folder
     * @throws CancellationException where it was stopped
     */
    RunProgress run(RunProgress start, BooleanSupplier stop, BooleanSupplier save) {
        RunProgress progress = start;
        while (progress.epoch() < plan.stop().epochs()
                && !progress.patienceIsOver(plan.stop().patience())) {
            progress = epoch(progress, stop, save);
            boolean best = progress.best() == progress.epoch() - 1;
            folder.save(session, progress, best);
            listener.onEpoch(progress, best);
        }
        return progress;
    }

    private RunProgress epoch(RunProgress start, BooleanSupplier stop, BooleanSupplier save) {
        RunProgress progress = start;
        List<Integer> order = training.shuffled(plan.seed(), progress.epoch());
        while (progress.batch() < training.batches(plan.batches().size())) {
            stopIfAsked(progress, stop);
            progress = step(progress, order);
            listener.onStep(progress);
            if (save.getAsBoolean()) {
                folder.save(session, progress, false);
            }
        }
        observe(progress, order, stop);
        return progress.afterEpoch(row(progress, stop));
    }

    private void stopIfAsked(RunProgress progress, BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            folder.save(session, progress, false);
            throw new CancellationException("stopped in epoch " + (progress.epoch() + 1));
        }
    }

    // Both halves, or none of the second: what is not finite would spoil the weights for good.
    private RunProgress step(RunProgress progress, List<Integer> order) {
        long started = System.nanoTime();
        int size = plan.batches().size();
        int first = progress.batch();
        int end = Math.min(first + plan.batches().perStep(), training.batches(size));
        float windows = Math.min(end * size, order.size()) - first * size;
        float rate = learningRate.at(progress.step());
        double loss = 0;
        long correct = 0;
        double norm = 0;
        for (int i = first; i < end; i++) {
            BatchBuffer.Batch batch = buffer.gather(training, order, i * size);
            long seed = Seeds.of(plan.seed(), "dropout", (long) progress.epoch() * training.batches(size) + i);
            float decayRate = i == end - 1 ? rate : 0;
            OrtTrainer.Pass pass =
                    session.backward(batch.features(), batch.labels(), batch.size() / windows, decayRate, seed);
            if (!pass.isFinite()) {
                return skip(progress, end - first, pass, batch, seconds(started));
            }
            loss += (double) pass.loss() * batch.size();
            correct += correct(pass.logits().rows(), batch.labels());
            norm = pass.gradientNorm();
        }
        session.update(rate);
        return progress.afterStep(
                end - first, new RunProgress.Sums(loss, norm * windows, correct, (long) windows, seconds(started), 0));
    }

    private RunProgress skip(
            RunProgress progress, int batches, OrtTrainer.Pass pass, BatchBuffer.Batch batch, double seconds) {
        session.skip();
        RunProgress after = progress.afterStep(batches, RunProgress.Sums.ofSkipped(seconds));
        if (after.skippedInRow() < MOST_SKIPPED_IN_ROW) {
            return after;
        }
        List<String> names = batch.recordings().stream()
                .distinct()
                .map(training.names()::get)
                .sorted()
                .toList();
        throw new TrainingException(MOST_SKIPPED_IN_ROW
                + " steps in a row had a loss or a gradient that is not finite; the"
                + " last is step " + after.step() + " (epoch " + (after.epoch() + 1) + "), with a loss of "
                + pass.loss()
                + " and a gradient norm of " + pass.gradientNorm() + ", over "
                + Listing.of(names, NAMED) + "; a lower --lr than "
                + plan.schedule().learningRate() + " or a --clip-norm usually helps");
    }

    private static double seconds(long started) {
        return (System.nanoTime() - started) / 1e9;
    }

    // The running statistics of batch normalisation lag some ten steps behind the weights, more than an epoch of a
    // small set has, and what is judged by them swings. So they are taken anew before an epoch is judged and kept,
    // as the mean over its first batches; whatever they were before is forgotten, so it may as well be done twice.
    private void observe(RunProgress progress, List<Integer> order, BooleanSupplier stop) {
        int batches = Math.min(OBSERVED_BATCHES, training.batches(plan.batches().size()));
        int windows = 0;
        for (int i = 0; i < batches; i++) {
            stopIfAsked(progress, stop);
            BatchBuffer.Batch batch =
                    buffer.gather(training, order, i * plan.batches().size());
            windows += batch.size();
            session.observe(batch.features(), batch.labels(), (float) batch.size() / windows);
        }
    }

    private static long correct(float[][] logits, Tensor labels) {
        long[] truth = labels.longs();
        long correct = 0;
        for (int i = 0; i < logits.length; i++) {
            correct += Metrics.highest(logits[i]) == truth[i] ? 1 : 0;
        }
        return correct;
    }

    private RunProgress.Row row(RunProgress progress, BooleanSupplier stop) {
        RunProgress.Sums sums = progress.sums();
        double windows = sums.windows();
        double loss = Double.NaN;
        double accuracy = Double.NaN;
        double macroF1 = Double.NaN;
        if (!validation.isEmpty()) {
            Evaluator.Result found = Evaluator.evaluate(session, validation, buffer, () -> stopIfAsked(progress, stop));
            loss = found.loss();
            accuracy = found.metrics().accuracy();
            macroF1 = found.metrics().macroF1();
        }
        return new RunProgress.Row(
                progress.epoch() + 1,
                sums.loss() / windows,
                sums.correct() / windows,
                loss,
                accuracy,
                macroF1,
                sums.gradientNorm() / windows,
                learningRate.at(progress.step() - 1),
                windows / sums.seconds(),
                sums.skipped());
    }
}
