package org.chiffchaff.audio;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A file or folder that a search for recordings passed over.
 *
 * @param path as the search came to it
 * @param reason what was found there, in words
 */
public record LeftOut(Path path, Kind kind, String reason) {
    private static final int MOST_NAMED = 10;

    /** Why a file or folder is passed over. */
    public enum Kind {
        /** A file that holds nothing FFmpeg decodes as sound. */
        NOT_AUDIO("not audio"),
        /** A recording that the decoder refuses, or too little of. */
        UNUSABLE("unusable"),
        /** A file beside the folders of the species. */
        OUTSIDE("outside the species' folders"),
        /** A folder with no recording at any depth. */
        EMPTY_FOLDER("folders without a recording"),
        /** A file or folder that the system does not let this user read. */
        UNREADABLE("unreadable"),
        /** A symbolic link whose target is missing. */
        DANGLING_LINK("links that lead nowhere"),
        /** A folder, by way of a link, that is searched already. */
        LOOP("links to a folder searched already"),
        /** A pipe, a socket or a device. */
        NO_FILE("pipes, sockets or devices"),
        /** A name that begins with a dot; what a hidden folder holds is not looked at. */
        HIDDEN("hidden");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As in summaries, before a count. */
        @Override
        public String toString() {
            return words;
        }
    }

    public LeftOut {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(reason, "reason");
    }

    /** All in one line, such as "left out: not audio 3, hidden 1"; not for an empty collection. */
    public static String summary(Collection<LeftOut> all) {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        all.forEach(each -> counts.merge(each.kind(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", ", "left out: ", ""));
    }

    /** The summary, and beneath it the first few by name. */
    public static List<String> report(Collection<LeftOut> all) {
        if (all.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(summary(all));
        all.stream().limit(MOST_NAMED).forEach(each -> lines.add("  " + each));
        if (all.size() > MOST_NAMED) {
            lines.add("  and " + (all.size() - MOST_NAMED) + " more");
        }
        return lines;
    }

    /** One line, such as "a/list.csv: not audio". */
    @Override
    public String toString() {
        return path + ": " + reason;
    }
}
