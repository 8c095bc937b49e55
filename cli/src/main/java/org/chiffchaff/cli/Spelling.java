package org.chiffchaff.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/** What a misspelt word may have meant. */
public final class Spelling {
    private Spelling() {}

    /** The end of an error message: {@code ; the closest is 'x'}, or nothing where there is nothing to choose from. */
    public static String closest(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(each -> edits(word, each)))
                .map(each -> "; the closest is '" + each + "'")
                .orElse("");
    }

    /** Levenshtein's distance. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, column -> column);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
            }
        }
        return row[to.length()];
    }
}
