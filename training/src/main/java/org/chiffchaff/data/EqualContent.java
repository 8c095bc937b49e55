package org.chiffchaff.data;

import java.util.List;

/**
 * Recordings that are the same byte for byte, be they copies or links.
 *
 * @param sha256 of the bytes, 64 hexadecimal digits
 * @param recordings two or more, by file
 */
public record EqualContent(String sha256, List<Recording> recordings) {
    public EqualContent {
        recordings = List.copyOf(recordings);
    }

    /** The species that the content stands for, by Unicode code point; more than one is a contradiction. */
    public List<String> labels() {
        return recordings.stream()
                .map(Recording::label)
                .distinct()
                .sorted(CodePoints.ORDER)
                .toList();
    }
}
