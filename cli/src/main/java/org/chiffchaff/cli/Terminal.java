package org.chiffchaff.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.Scanner;

/**
 * The terminal this process writes to, as the launcher found it: Java cannot tell. A library that could would put
 * signals back to how the system treats them: Ctrl-C would then end this process at once, and no run would be saved.
 */
public final class Terminal {
    /** What the launcher's properties begin with; a child process whose output goes to a pipe must not get them. */
    static final String PROPERTIES = "chiffchaff.terminal.";

    /** Puts the cursor at the start of its line, and empties the screen from there on. */
    static final String ERASE = "\r\u001b[J";

    private static final int USUAL_COLUMNS = 80;

    private static int columns = Integer.getInteger(PROPERTIES + "columns", 0);
    private static boolean followed;

    private Terminal() {}

    /** Whether messages go to a terminal. */
    public static boolean hasErrors() {
        return Boolean.getBoolean(PROPERTIES + "err");
    }

    /** Whether results go to a terminal. */
    public static boolean hasOutput() {
        return Boolean.getBoolean(PROPERTIES + "out");
    }

    /** How wide results may be; empty where they go to a file or a program. */
    public static OptionalInt outputColumns() {
        return hasOutput() ? OptionalInt.of(columns()) : OptionalInt.empty();
    }

    /** How wide the terminal is now; 80 where nobody knows. Any thread. */
    static synchronized int columns() {
        if (!followed) {
            followed = true;
            if (hasErrors() || hasOutput()) {
                Signals.handle("WINCH", Terminal::resized);
            }
        }
        return columns > 1 ? columns : USUAL_COLUMNS;
    }

    private static void resized() {
        int found = ask();
        synchronized (Terminal.class) {
            columns = found > 0 ? found : columns;
        }
    }

    /** 0 where the terminal does not say. */
    private static int ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Scanner rowsAndColumns = new Scanner(stty.getInputStream(), StandardCharsets.US_ASCII)) {
                List<Integer> size =
                        rowsAndColumns.tokens().map(Integer::valueOf).toList();
                return size.isEmpty() ? 0 : size.getLast();
            }
        } catch (IOException e) {
            return 0;
        }
    }
}
