package org.chiffchaff.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Set;

/** Asks whoever sits at the terminal before something is lost. */
public final class Confirmation {
    private static final Set<String> YES = Set.of("y", "yes");

    private Confirmation() {}

    /** Whether there is anybody to ask: stdin and stderr are a terminal. */
    public static boolean possible() {
        // The launcher asks the shell: what System.console() says of it differs from one Java to the next.
        return Boolean.getBoolean("chiffchaff.asks");
    }

    /** Asks on stderr; {@code y} and {@code yes} are a yes, and all else, the end of stdin too, is a no. */
    public static boolean given(String question) {
        return given(question, System.in, System.err);
    }

    static boolean given(String question, InputStream answers, PrintStream questions) {
        questions.print(question + " [y/N] ");
        questions.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(answers, Charset.defaultCharset())).readLine();
            return answer != null && YES.contains(answer.strip().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            throw new UncheckedIOException("no answer can be read: " + e, e);
        }
    }
}
