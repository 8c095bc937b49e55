package org.chiffchaff.audio;

import java.nio.file.Path;
import java.util.List;

/**
 * What a search for recordings came upon.
 *
 * @param recordings in the order of their paths
 * @param leftOut everything else, in the order of the paths
 */
public record FoundFiles(List<Path> recordings, List<LeftOut> leftOut) {
    public FoundFiles {
        recordings = List.copyOf(recordings);
        leftOut = List.copyOf(leftOut);
    }
}
