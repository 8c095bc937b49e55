package org.chiffchaff.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** The bar's library does its own locking. */
final class BarProgress implements Progress {
    private final ProgressBar bar;

    BarProgress(String task, long total) {
        bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total > 0 ? total : -1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                // Draws even where nothing has moved on: the terminal may have got another width.
                .continuousUpdate()
                .setConsumer(new OneLine())
                .clearDisplayOnFinish()
                .build();
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

    /**
     * The line that is rewritten in place, and leaves nothing behind. The cursor waits at its start: a terminal that is
     * made narrower may break the line into several, and from there all of them can be erased.
     */
    private static final class OneLine implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return Terminal.columns() - 1;
        }

        @Override
        public void accept(String line) {
            System.err.print(Terminal.ERASE + line + "\r");
            System.err.flush();
        }

        @Override
        public void clear() {
            accept("");
        }

        @Override
        public void close() {}
    }
}
