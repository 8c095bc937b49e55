package org.chiffchaff.audio;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Two channels to one: their mean, or the louder one alone where the mean would cancel them, because a plug or a
 * balanced line was wired the wrong way round.
 *
 * <p>How a recording was wired does not change while it runs, and a change from one to the other would be a step in the
 * sound. So it is judged once, by the correlation of the channels, each less its mean, over the first five seconds from
 * the first sample above -80 dBFS on, and held to. What comes before is as quiet either way. The samples judged are held
 * back until then: five seconds of memory however long the recording.
 */
final class StereoMix {
    private static final double OPPOSITE_CORRELATION = -0.9;
    private static final double JUDGED_SECONDS = 5;
    private static final float QUIET = 1e-4F;

    private enum Verdict {
        OPEN,
        MEAN,
        FIRST,
        SECOND
    }

    private final int judgedFrames;
    private float[] held = {}; // [frames, 2]
    private int heldFrames;
    private Verdict verdict = Verdict.OPEN;

    StereoMix(int sampleRate) {
        this.judgedFrames = (int) (JUDGED_SECONDS * sampleRate);
    }

    /**
     * Takes sound in.
     *
     * @param interleaved [frames, 2], or longer
     * @return what is ready of the one channel, [any]
     */
    float[] mix(float[] interleaved, int frames) {
        if (verdict != Verdict.OPEN) {
            return apply(interleaved, frames);
        }
        if (heldFrames == 0 && isQuiet(interleaved, frames)) {
            return mean(interleaved, frames);
        }
        if (held.length < 2 * (heldFrames + frames)) {
            held = Arrays.copyOf(held, Math.max(2 * (heldFrames + frames), 2 * held.length));
        }
        System.arraycopy(interleaved, 0, held, 2 * heldFrames, 2 * frames);
        heldFrames += frames;
        return heldFrames < judgedFrames ? new float[0] : finish();
    }

    /** Says the rest, when all is taken in. */
    float[] finish() {
        if (heldFrames == 0) {
            return new float[0];
        }
        verdict = judge();
        float[] ready = apply(held, heldFrames);
        held = new float[0];
        heldFrames = 0;
        return ready;
    }

    /** The louder of two channels that would cancel, from 1 on; empty where they would not. */
    OptionalInt oppositePhaseChannel() {
        return switch (verdict) {
            case OPEN, MEAN -> OptionalInt.empty();
            case FIRST -> OptionalInt.of(1);
            case SECOND -> OptionalInt.of(2);
        };
    }

    private static boolean isQuiet(float[] interleaved, int frames) {
        for (int i = 0; i < 2 * frames; i++) {
            if (Math.abs(interleaved[i]) > QUIET) {
                return false;
            }
        }
        return true;
    }

    private Verdict judge() {
        double leftMean = 0;
        double rightMean = 0;
        for (int frame = 0; frame < heldFrames; frame++) {
            leftMean += held[2 * frame] / heldFrames;
            rightMean += held[2 * frame + 1] / heldFrames;
        }
        double leftPower = 0;
        double rightPower = 0;
        double product = 0;
        for (int frame = 0; frame < heldFrames; frame++) {
            double left = held[2 * frame] - leftMean;
            double right = held[2 * frame + 1] - rightMean;
            leftPower += left * left;
            rightPower += right * right;
            product += left * right;
        }
        if (!(product < OPPOSITE_CORRELATION * Math.sqrt(leftPower * rightPower))) {
            return Verdict.MEAN;
        }
        return leftPower >= rightPower ? Verdict.FIRST : Verdict.SECOND;
    }

    private float[] apply(float[] interleaved, int frames) {
        return switch (verdict) {
            case OPEN, MEAN -> mean(interleaved, frames);
            case FIRST -> one(interleaved, frames, 0);
            case SECOND -> one(interleaved, frames, 1);
        };
    }

    private static float[] mean(float[] interleaved, int frames) {
        float[] mean = new float[frames];
        for (int frame = 0; frame < frames; frame++) {
            mean[frame] = 0.5F * interleaved[2 * frame] + 0.5F * interleaved[2 * frame + 1];
        }
        return mean;
    }

    private static float[] one(float[] interleaved, int frames, int channel) {
        float[] one = new float[frames];
        for (int frame = 0; frame < frames; frame++) {
            one[frame] = interleaved[2 * frame + channel];
        }
        return one;
    }
}
