package org.chiffchaff.audio;

import java.util.OptionalDouble;

/**
 * Where in a recording its decoder is: how much was heard, how much was lost, and where silence must stand so that what
 * follows keeps its place. Where packets were lost, the stream's clock runs ahead of what was heard.
 */
final class RecordingClock {
    // Gaps add up until they count, so later sound is never off by more. Vorbis needs as much: its clock starts late by
    // up to a quarter of a block.
    private static final double SHORTEST_GAP_SECONDS = 0.05;

    // A damaged clock may state any time, and silence costs as much work as sound.
    private static final double MOST_SILENCE_SECONDS = 600;
    private static final double LARGEST_STEP_BACK_SECONDS = 10;

    private static final double TOLERATED_SECONDS = 0.1;
    private static final double EXACT_SECONDS = 0.001;

    private final boolean lossless;
    private final double streamTickSeconds;

    private double startSeconds;
    private double heardSeconds;
    private double lostSeconds;
    private double firstLossSeconds;
    private double unplacedSeconds;
    private double damageEndSeconds; // of packets that could not be decoded since the last one that could; 0 for none

    /**
     * @param lossless whether the stream's coding keeps every sample, and so its clock every tick
     * @param startSeconds what the stream's clock shows at its beginning
     * @param streamTickSeconds how long a tick of it is
     */
    RecordingClock(boolean lossless, double startSeconds, double streamTickSeconds) {
        this.lossless = lossless;
        this.startSeconds = startSeconds;
        this.streamTickSeconds = streamTickSeconds;
    }

    /** How much was heard, with the silence in place of what was lost. */
    double heardSeconds() {
        return heardSeconds;
    }

    /** Takes in sound. */
    void hear(double seconds) {
        heardSeconds += seconds;
    }

    /**
     * Takes in a packet that cannot be decoded. How long it was is known when the next one can, or at the end.
     *
     * @param begin what the stream's clock shows at its beginning; empty where it shows nothing
     * @param seconds its length, by the container
     */
    void lose(OptionalDouble begin, double seconds) {
        double beginSeconds = begin.isPresent() ? begin.getAsDouble() - startSeconds : heardSeconds;
        damageEndSeconds = Math.max(damageEndSeconds, beginSeconds + seconds);
    }

    /**
     * Takes in when the next sound begins, and says how long the silence before it must be, which is heard already. A
     * clock that jumps far back belongs to a new recording, chained to the last.
     *
     * @param begin what the stream's clock shows; empty where it shows nothing
     * @param sampleRate of the stream, in Hz
     */
    double gapSeconds(OptionalDouble begin, int sampleRate) {
        double gap = begin.isPresent() ? close(begin.getAsDouble(), sampleRate) : 0;
        damageEndSeconds = 0;
        return gap;
    }

    private double close(double beginSeconds, int sampleRate) {
        if (heardSeconds == 0 && damageEndSeconds == 0 && !lossless) {
            // A decoder may swallow what its coding needs to begin with.
            startSeconds = beginSeconds;
        }
        double gapSeconds = beginSeconds - startSeconds - heardSeconds;
        boolean exact = lossless || damageEndSeconds > 0;
        if (gapSeconds < -LARGEST_STEP_BACK_SECONDS) {
            startSeconds += gapSeconds;
        } else if (lostSeconds + gapSeconds > MOST_SILENCE_SECONDS) {
            startSeconds += gapSeconds;
            unplacedSeconds += gapSeconds;
        } else if (gapSeconds > (exact ? tickSeconds(sampleRate) : SHORTEST_GAP_SECONDS)) {
            firstLossSeconds = lostSeconds == 0 ? heardSeconds : firstLossSeconds;
            lostSeconds += gapSeconds;
            heardSeconds += gapSeconds;
            return gapSeconds;
        }
        return 0;
    }

    // The shortest time that the clock and the samples can differ by though nothing is missing.
    private double tickSeconds(int sampleRate) {
        return 1.5 * Math.max(streamTickSeconds, 1.0 / sampleRate);
    }

    /**
     * What the recording turned out to be, at its end.
     *
     * @param promisedSeconds how long it should be, by its header
     */
    Condition condition(FfmpegResampler resampler, double promisedSeconds, boolean unreadableEnd) {
        int sampleRate = resampler.first().sampleRate();
        // Formats with losses state their length less exactly than they keep it.
        boolean exact = lossless || unreadableEnd || damageEndSeconds > 0;
        double tolerated = exact ? Math.max(EXACT_SECONDS, tickSeconds(sampleRate)) : TOLERATED_SECONDS;
        boolean cut = promisedSeconds - heardSeconds > tolerated;
        return new Condition(
                sampleRate,
                resampler.first().channels(),
                resampler.oppositePhaseChannel(),
                micros(heardSeconds),
                micros(Math.max(cut ? promisedSeconds : heardSeconds, damageEndSeconds)),
                micros(lostSeconds),
                micros(firstLossSeconds),
                micros(unplacedSeconds),
                unreadableEnd);
    }

    /** Sums of frames' lengths, without what rounding added up to. */
    static double micros(double seconds) {
        return Math.rint(seconds * 1e6) / 1e6;
    }
}
