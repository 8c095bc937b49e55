package org.chiffchaff.cli;

/** How far a long task is and how long it will take, on stderr: a bar on a terminal, a line now and then elsewhere. */
public interface Progress extends AutoCloseable {
    /** Starts showing {@code task}, which takes {@code total} steps; 0 where their number is not known. */
    static Progress start(String task, long total) {
        return Terminal.hasErrors()
                ? new BarProgress(task, total)
                : new LineProgress(task, total, System.err, System::nanoTime);
    }

    /**
     * Like {@link #start}, for one of many short tasks: nothing where there is no terminal, whose log it would fill.
     */
    static Progress brief(String task, long total) {
        return Terminal.hasErrors() ? new BarProgress(task, total) : silent();
    }

    /** Shows nothing. */
    static Progress silent() {
        return new SilentProgress();
    }

    /** {@code steps} more are done. From any thread. */
    void step(long steps);

    /** A few words that go with the numbers from now on. From any thread. */
    void note(String words);

    @Override
    void close();
}
