package org.chiffchaff.serving;

import java.time.Duration;

/**
 * What the server takes on.
 *
 * @param maxRecordingBytes of one encoded recording
 * @param maxRecordingSeconds of sound in one recording, decoded
 * @param maxDetections of one answer, at the most that its windows can give: their number times top_k
 * @param maxHeldBytes of all encoded recordings together, arriving, waiting and at work, and of answers not read yet
 * @param longestCall from the end of the upload to the answer, also of a caller without a deadline
 */
public record Limits(
        int maxRecordingBytes, int maxRecordingSeconds, int maxDetections, long maxHeldBytes, Duration longestCall) {
    static final int MAX_RECORDING_SECONDS = 4 * 3_600;
    static final int MAX_DETECTIONS = 200_000;
    static final Duration LONGEST_CALL = Duration.ofHours(1);

    // Once arriving, once at work, and once as room for the collector to place it in one piece.
    private static final int TIMES_IN_HEAP = 3;

    public Limits {
        ServerConfig.require("number of bytes of a recording", maxRecordingBytes, 1, 1 << 30);
        ServerConfig.require("number of seconds of a recording", maxRecordingSeconds, 1, Integer.MAX_VALUE);
        ServerConfig.require("number of detections of an answer", maxDetections, 1, 1 << 24);
        ServerConfig.require("longest call, in seconds,", longestCall.toSeconds(), 1, Integer.MAX_VALUE);
        if (maxHeldBytes < maxRecordingBytes) {
            throw new ServingException(
                    ServingException.Kind.START,
                    "The bytes of all recordings together are " + maxHeldBytes + "; expected at least those of one, "
                            + maxRecordingBytes);
        }
    }

    /** The defaults, for recordings of up to so many bytes. */
    public static Limits of(int maxRecordingBytes) {
        return new Limits(
                maxRecordingBytes, MAX_RECORDING_SECONDS, MAX_DETECTIONS, roomyBytes(maxRecordingBytes), LONGEST_CALL);
    }

    /**
     * A quarter of Java's heap, where a recording lies in one piece, which the collector needs room to place; but room for
     * one in any case.
     */
    static long roomyBytes(int maxRecordingBytes) {
        return Math.max(Runtime.getRuntime().maxMemory() / 4, maxRecordingBytes);
    }

    /** Refuses a heap in which recordings of the largest size, or all that may be held, would end the server. */
    void verifyHeap(long heapBytes) {
        if (heapBytes / TIMES_IN_HEAP < maxRecordingBytes) {
            throw new ServingException(
                    ServingException.Kind.START,
                    "Java's heap has " + heapBytes + " bytes; expected at least " + TIMES_IN_HEAP
                            + " times the largest recording, which may have " + maxRecordingBytes
                            + ": give Java more by -Xmx, or take smaller recordings");
        }
        if (maxHeldBytes > heapBytes) {
            throw new ServingException(
                    ServingException.Kind.START,
                    "The bytes of all recordings together are " + maxHeldBytes + "; expected at most the " + heapBytes
                            + " of Java's heap");
        }
    }

    int maxMessageBytes() {
        return maxRecordingBytes + ServerConfig.MESSAGE_SLACK_BYTES;
    }
}
