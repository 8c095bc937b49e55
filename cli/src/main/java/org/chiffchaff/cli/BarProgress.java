package org.chiffchaff.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The bar's library does its own locking. */
final class BarProgress implements Progress {
    private static final int USUAL_COLUMNS = 80;

    private final ProgressBar bar;

    BarProgress(String task, long total) {
        bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total > 0 ? total : -1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                // Rewrites its line in place and leaves none behind.
                .setConsumer(new ConsoleProgressBarConsumer(System.err, columns() - 1))
                .clearDisplayOnFinish()
                .build();
    }

    /**
     * The launcher asks. The library would ask by JLine, which puts signals back to how the system treats them: Ctrl-C
     * would then end this process at once, and no run would be saved.
     */
    private static int columns() {
        int columns = Integer.getInteger("chiffchaff.columns", 0);
        return columns > 1 ? columns : USUAL_COLUMNS;
    }

    @Override
    public void step(long steps) {
        bar.stepBy(steps);
    }

    @Override
    public void note(String words) {
        bar.setExtraMessage(" " + words);
    }

    @Override
    public void close() {
        bar.close();
    }
}
