package org.chiffchaff.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** A line every tenth of the way, but not within a second of the last; every 10 s at least; and one at the end. */
final class LineProgress implements Progress {
    private final String task;
    private final long total;
    private final PrintStream err;
    private final LongSupplier nanoTime;
    private final long started;
    private long done;
    private long lineAtNanos;
    private long lineAtDone;
    private String words = "";

    LineProgress(String task, long total, PrintStream err, LongSupplier nanoTime) {
        this.task = task;
        this.total = total;
        this.err = err;
        this.nanoTime = nanoTime;
        started = nanoTime.getAsLong();
        lineAtNanos = started;
    }

    @Override
    public synchronized void step(long steps) {
        done += steps;
        long now = nanoTime.getAsLong();
        double seconds = (now - lineAtNanos) / 1e9;
        boolean tenth = total > 0 && (done - lineAtDone) * 10 >= total;
        if (done < total || total <= 0) {
            if (seconds >= 10 || (tenth && seconds >= 1)) {
                lineAtNanos = now;
                lineAtDone = done;
                print(left(now));
            }
        }
    }

    @Override
    public synchronized void note(String words) {
        this.words = ", " + words;
    }

    @Override
    public synchronized void close() {
        long now = nanoTime.getAsLong();
        print(", took " + clock(now - started));
    }

    private void print(String time) {
        String of = total > 0 ? "/%d (%d %%)".formatted(total, 100 * done / total) : "";
        err.println("%s: %d%s%s%s".formatted(task, done, of, time, words));
    }

    private String left(long now) {
        if (total <= 0 || done == 0) {
            return "";
        }
        return ", " + clock((long) ((double) (now - started) / done * (total - done))) + " left";
    }

    private static String clock(long nanos) {
        Duration time = Duration.ofNanos(nanos);
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}
