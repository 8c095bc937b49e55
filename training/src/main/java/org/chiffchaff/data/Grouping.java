package org.chiffchaff.data;

import java.util.Optional;
import java.util.regex.Pattern;

/** What tells which recordings belong together. */
@FunctionalInterface
public interface Grouping {
    /** A recording's group; empty where nothing is said of it. */
    Optional<String> groupOf(Recording recording);

    /**
     * Groups by what the pattern's first capture group finds in a file's name or, where it finds nothing there, in its
     * path below the data set's root.
     */
    static Grouping byPattern(Pattern pattern) {
        return new NamePattern("group", pattern)::in;
    }
}
