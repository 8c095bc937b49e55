package org.chiffchaff.training.feed;

import java.util.List;

/** Names in a line of news. */
public final class Listing {
    private static final int SHOWN = 10;

    private Listing() {}

    /** All of a few, the first of many and how many more there are. */
    public static String of(List<String> names) {
        return of(names, SHOWN);
    }

    /** The same with so many shown at most. */
    public static String of(List<String> names, int shown) {
        int more = names.size() - shown;
        return more <= 0
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, shown)) + " and " + more + " more";
    }
}
