package org.chiffchaff.cli;

import java.util.stream.Collectors;

/** Help for terminals that are too narrow for it. */
final class Folding {
    private Folding() {}

    /**
     * Breaks what is too wide between two words. What was broken off stands as far in as the line's last column, or as
     * the line itself where it has no columns.
     */
    static String fold(String lines, int columns) {
        return lines.lines().map(line -> foldLine(line, columns)).collect(Collectors.joining("\n", "", end(lines)));
    }

    private static String end(String lines) {
        return lines.endsWith("\n") ? "\n" : "";
    }

    private static String foldLine(String line, int columns) {
        int indent = line.length() - line.stripLeading().length();
        int column = line.lastIndexOf("  ") < indent ? indent : line.lastIndexOf("  ") + 2;
        int space = line.lastIndexOf(' ', columns);
        if (line.length() <= columns || space <= column) {
            return line;
        }
        return line.substring(0, space) + "\n"
                + foldLine(" ".repeat(column) + line.substring(space).stripLeading(), columns);
    }
}
