package org.chiffchaff.training;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import org.chiffchaff.cli.Progress;

/** A line per epoch, and a bar within it. */
final class EpochLog implements TrainingListener, AutoCloseable {
    private static final String HEADER =
            "  epoch   loss  accuracy   val-loss  val-acc  val-F1   grad-norm       lr  images/s  time-left";

    private final TrainPlan plan;
    private final int batches;
    private final PrintWriter out;
    private final long started = System.nanoTime();
    private final int firstEpoch;
    private Optional<Progress> bar = Optional.empty();

    EpochLog(TrainPlan plan, int batches, RunProgress start, PrintWriter out) {
        this.plan = plan;
        this.batches = batches;
        this.out = out;
        this.firstEpoch = start.epoch();
        out.println(HEADER);
        out.flush();
    }

    // Opened by the epoch's first step: a run may end, or have ended, before there is one.
    @Override
    public void onStep(RunProgress progress) {
        if (bar.isEmpty()) {
            bar = Optional.of(Progress.brief("epoch " + (progress.epoch() + 1), batches));
            bar.get().step(progress.batch());
        } else {
            bar.get().step(1);
        }
    }

    @Override
    public void onEpoch(RunProgress progress, boolean best) {
        close();
        RunProgress.Row row = progress.history().getLast();
        out.printf(
                "%3d/%-3d %6.4f  %8.3f   %8s %8s %7s %11.3f %8.1e  %8.0f  %9s%s%n",
                row.epoch(),
                plan.epochs(),
                row.trainLoss(),
                row.trainAccuracy(),
                figure("%.4f", row.validationLoss()),
                figure("%.3f", row.validationAccuracy()),
                figure("%.3f", row.validationMacroF1()),
                row.gradientNorm(),
                row.learningRate(),
                row.imagesPerSecond(),
                timeLeft(progress),
                best ? " *" : "");
        out.flush();
    }

    private static String figure(String format, double value) {
        return Double.isNaN(value) ? "-" : format.formatted(value);
    }

    private String timeLeft(RunProgress progress) {
        double perEpoch = (System.nanoTime() - started) / 1e9 / (progress.epoch() - firstEpoch);
        Duration left = Duration.ofSeconds(Math.round(perEpoch * (plan.epochs() - progress.epoch())));
        return left.toHours() > 0
                ? "%dh%02dm".formatted(left.toHours(), left.toMinutesPart())
                : "%dm%02ds".formatted(left.toMinutes(), left.toSecondsPart());
    }

    @Override
    public void close() {
        bar.ifPresent(Progress::close);
        bar = Optional.empty();
    }
}
