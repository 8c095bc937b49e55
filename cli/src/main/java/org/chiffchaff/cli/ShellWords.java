package org.chiffchaff.cli;

import java.util.List;
import java.util.stream.Collectors;

/** Words as a shell takes them. */
public final class ShellWords {
    private ShellWords() {}

    /** The command line one would type for these words after {@code chiffchaff}, quoted where a shell needs it. */
    public static String typed(List<String> words) {
        return words.stream()
                .map(word -> word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ", "./chiffchaff ", ""));
    }
}
