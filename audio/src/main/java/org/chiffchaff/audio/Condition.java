package org.chiffchaff.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What a recording turned out to be when it was read to its end: what it is made of, and what of it is missing. Part of
 * a recording is still a recording; who wants a whole one asks here.
 *
 * @param sampleRate the recording's own, in Hz, before resampling; the first of a recording that changes it
 * @param channels of the recording, before one was made of them
 * @param oppositePhaseChannel the louder of two channels that would have cancelled each other, which was taken alone in
 *     place of their mean, from 1 on; empty otherwise
 * @param decodedSeconds the length of what was decoded, with the silence that stands in place of what was lost
 * @param promisedSeconds how long the recording should be, by its header and by the clock of a last packet that could
 *     not be decoded; as long as what was decoded where nothing promises more
 * @param lostSeconds how much within could not be decoded and is silence instead
 * @param firstLossSeconds where the first of that begins, from the start of the recording; 0 where nothing was lost
 * @param unplacedSeconds how far the recording's clock jumps ahead where no silence was put: what follows stands earlier
 *     by so much
 * @param unreadableEnd whether bytes behind the last sound could not be read, whatever they held
 */
public record Condition(
        int sampleRate,
        int channels,
        OptionalInt oppositePhaseChannel,
        double decodedSeconds,
        double promisedSeconds,
        double lostSeconds,
        double firstLossSeconds,
        double unplacedSeconds,
        boolean unreadableEnd) {

    public Condition {
        if (sampleRate < 1 || channels < 1) {
            throw new IllegalArgumentException("recording has " + sampleRate + " Hz and " + channels
                    + " channels; at least 1 of each is expected");
        }
        if (!(lostSeconds >= 0
                && firstLossSeconds >= 0
                && unplacedSeconds >= 0
                && decodedSeconds >= lostSeconds
                && promisedSeconds >= decodedSeconds)) {
            throw new IllegalArgumentException(
                    "decoded are " + decodedSeconds + " s of " + promisedSeconds + " s, lost "
                            + lostSeconds + " s from " + firstLossSeconds + " s on, unplaced " + unplacedSeconds
                            + " s; nothing below 0 s, and no part larger than its whole, is expected");
        }
    }

    /** Whether nothing is known to be missing. */
    public boolean isWhole() {
        return decodedSeconds == promisedSeconds && lostSeconds == 0 && unplacedSeconds == 0 && !unreadableEnd;
    }

    /** The share of the recording that was decoded, as far as its length is known: above 0 to 1. */
    public double presentShare() {
        return (decodedSeconds - lostSeconds) / Math.max(promisedSeconds, decodedSeconds + unplacedSeconds);
    }

    /** What is remarkable, one sentence each, as in {@code truncated: 59.0 of 60.0 s}; empty where nothing is. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        oppositePhaseChannel.ifPresent(channel -> remarks.add(
                "opposite phase: its two channels cancel each other; channel " + channel + ", the louder, is taken"));
        if (decodedSeconds < promisedSeconds) {
            int decimals = promisedSeconds - decodedSeconds < 0.1 ? 3 : 1;
            remarks.add("truncated: " + seconds(decodedSeconds, decimals) + " of " + seconds(promisedSeconds, decimals)
                    + " s");
        }
        if (lostSeconds > 0) {
            remarks.add("damaged: " + seconds(lostSeconds, 3) + " s lost, the first at " + seconds(firstLossSeconds, 1)
                    + " s");
        }
        if (unplacedSeconds > 0) {
            remarks.add("damaged: its clock jumps ahead by " + seconds(unplacedSeconds, 1)
                    + " s, and what follows is placed too early by that");
        }
        if (unreadableEnd) {
            remarks.add("damaged: nothing can be read beyond " + seconds(decodedSeconds, 1) + " s");
        }
        return List.copyOf(remarks);
    }

    private static String seconds(double seconds, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", seconds);
    }
}
