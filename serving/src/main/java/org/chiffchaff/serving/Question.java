package org.chiffchaff.serving;

import java.nio.ByteBuffer;
import java.util.Set;
import org.chiffchaff.audio.Channel;

/**
 * One recording and how to look at it.
 *
 * @param name what error messages call the recording
 * @param audio the encoded recording
 * @param topK at most so many species per window and in the ranking
 * @param minimumConfidence of a detection
 * @param overlapSeconds of neighbouring windows
 * @param channel of the recording that is heard
 * @param ignored classes that are left out, by their place among the model's outputs
 */
record Question(
        String name,
        ByteBuffer audio,
        int topK,
        float minimumConfidence,
        double overlapSeconds,
        Channel channel,
        Set<Integer> ignored) {
    // Of a file system's longest names: what is quoted travels in a header, which a client takes up to 8 KiB of.
    private static final int QUOTED_CHARACTERS = 200;

    Question {
        name = quoted(name);
        if (!audio.hasRemaining()) {
            throw bad(name + ": the request holds no audio");
        }
        if (topK < 1) {
            throw bad("top_k is " + topK + "; expected at least 1");
        }
        // Written so that a NaN fails.
        if (!(minimumConfidence >= 0 && minimumConfidence <= 1)) {
            throw bad("minimum_confidence is " + minimumConfidence + "; expected a number from 0 to 1");
        }
        if (!(overlapSeconds >= 0)) {
            throw bad("overlap_seconds is " + overlapSeconds + "; expected a number of at least 0");
        }
    }

    /** A caller's word as messages repeat it: the middle of a very long one is left out. */
    static String quoted(String word) {
        int half = QUOTED_CHARACTERS / 2;
        return word.codePointCount(0, word.length()) <= QUOTED_CHARACTERS
                ? word
                : word.substring(0, word.offsetByCodePoints(0, half)) + "\u2026"
                        + word.substring(word.offsetByCodePoints(word.length(), 1 - half));
    }

    static ServingException bad(String message) {
        return new ServingException(ServingException.Kind.BAD_REQUEST, message);
    }
}
