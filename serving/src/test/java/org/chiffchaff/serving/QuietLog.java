package org.chiffchaff.serving;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Listens to the log of the whole process for stack traces. */
final class QuietLog extends Handler implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> traces = new CopyOnWriteArrayList<>();

    QuietLog() {
        Logger.getLogger("").addHandler(this);
    }

    /** What was logged with an exception. */
    List<String> traces() {
        return traces;
    }

    /** All that was logged. */
    List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord entry) {
        lines.add(entry.getMessage());
        Optional.ofNullable(entry.getThrown()).ifPresent(thrown -> traces.add(entry.getMessage() + ": " + thrown));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
