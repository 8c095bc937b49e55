package org.chiffchaff.data;

import java.util.List;
import java.util.Map;
import org.chiffchaff.audio.LeftOut;

/**
 * What the scan of a data set came upon, besides its recordings.
 *
 * @param leftOut the files and folders that are no part of it, by path
 * @param equalContents recordings that are the same byte for byte
 * @param deeper how many recordings lie in folders within their species' folder
 * @param spellings how the disk spells the files whose names are not in normalisation form C
 */
public record Findings(
        List<LeftOut> leftOut, List<EqualContent> equalContents, int deeper, Map<String, String> spellings) {
    /** Of a data set that was not scanned. */
    public static final Findings NONE = new Findings(List.of(), List.of(), 0, Map.of());

    public Findings {
        leftOut = List.copyOf(leftOut);
        equalContents = List.copyOf(equalContents);
        spellings = Map.copyOf(spellings);
    }
}
