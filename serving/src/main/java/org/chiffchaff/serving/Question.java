package org.chiffchaff.serving;

/**
 * One recording and how to look at it.
 *
 * @param name what error messages call the recording
 * @param audio the encoded recording
 * @param topK at most so many species per window and in the ranking
 * @param minimumConfidence of a detection
 * @param overlapSeconds of neighbouring windows
 */
@SuppressWarnings("ArrayRecordComponent") // a recording, passed on and never compared
record Question(String name, byte[] audio, int topK, float minimumConfidence, double overlapSeconds) {
    Question {
        if (audio.length == 0) {
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

    static ServingException bad(String message) {
        return new ServingException(ServingException.Kind.BAD_REQUEST, message);
    }
}
