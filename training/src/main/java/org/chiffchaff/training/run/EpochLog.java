package org.chiffchaff.training.run;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import org.chiffchaff.cli.Progress;
import org.chiffchaff.cli.Terminal;

/** A line per epoch, and a bar within it. */
final class EpochLog implements TrainingListener, AutoCloseable {
    private final TrainPlan plan;
    private final int steps;
    private final PrintWriter out;
    private final long started = System.nanoTime();
    private final int firstEpoch;
    private Optional<Progress> bar = Optional.empty();
    private EpochTable table;

    EpochLog(TrainPlan plan, int steps, RunProgress start, PrintWriter out) {
        this.plan = plan;
        this.steps = steps;
        this.out = out;
        this.firstEpoch = start.epoch();
        printHeader("");
    }

    // Anew where the terminal's width has changed so much that other columns fit.
    private void printHeader(String before) {
        table = new EpochTable(Terminal.outputColumns());
        if (!table.header().equals(before)) {
            out.println(table.header());
            out.flush();
        }
    }

    // Opened by the epoch's first step: a run may end, or have ended, before there is one.
    @Override
    public void onStep(RunProgress progress) {
        if (bar.isEmpty()) {
            bar = Optional.of(Progress.brief("epoch " + (progress.epoch() + 1), steps));
            bar.get().step(Math.ceilDiv(progress.batch(), plan.batches().perStep()));
        } else {
            bar.get().step(1);
        }
    }

    @Override
    public void onEpoch(RunProgress progress, boolean best) {
        close();
        printHeader(table.header());
        RunProgress.Row row = progress.history().getLast();
        out.println(table.row(new EpochTable.Line(row, plan.stop().epochs(), timeLeft(progress), best)));
        if (row.skippedSteps() > 0) {
            out.printf(
                    "skipped %d of %d steps of epoch %d: loss or gradient was not finite%n",
                    row.skippedSteps(), steps, row.epoch());
        }
        out.flush();
    }

    private String timeLeft(RunProgress progress) {
        double perEpoch = (System.nanoTime() - started) / 1e9 / (progress.epoch() - firstEpoch);
        Duration left = Duration.ofSeconds(Math.round(perEpoch * (plan.stop().epochs() - progress.epoch())));
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
