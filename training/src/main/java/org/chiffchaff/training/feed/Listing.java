package org.chiffchaff.training.feed;

import java.util.List;

/** Names in a line of news. */
public final class Listing {
    private static final int SHOWN = 10;

    private Listing() {}

    /** All of a few, the first of many and how many more there are. */
    public static String of(List<String> names) {
        int more = names.size() - SHOWN;
        return more <= 0
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, SHOWN)) + " and " + more + " more";
    }
}
