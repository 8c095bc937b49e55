package org.chiffchaff.data;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * Samples on which a synthetic bird sings. Only arithmetic that Java defines exactly is used, so that a corpus is the
 * same to the bit on every machine; sines come from a table for that reason and for speed.
 */
final class Canvas {
    static final int SAMPLE_RATE = 22_050;

    private static final int TABLE_BITS = 14;
    private static final float[] SINE = new float[1 << TABLE_BITS];
    // Each element fades in and out over this long, so that it does not click.
    private static final double FADE_SECONDS = 0.008;

    static {
        for (int i = 0; i < SINE.length; i++) {
            SINE[i] = (float) StrictMath.sin(2 * StrictMath.PI * i / SINE.length);
        }
    }

    private final float[] samples;
    private final SplittableRandom random;

    Canvas(double seconds, SplittableRandom random) {
        samples = new float[(int) (seconds * SAMPLE_RATE)];
        this.random = random;
    }

    float[] samples() {
        return samples;
    }

    /** The sine of 2 pi times the phase, for a phase of 0 or more. */
    static double sine(double phase) {
        return SINE[(int) ((long) (phase * SINE.length) & (SINE.length - 1))];
    }

    /**
     * A tone whose pitch follows a curve.
     *
     * @param hertz pitch by progress, 0 at the start to 1 at the end
     * @param overtones how strong the second, third, ... harmonic is beside the first
     */
    void tone(double start, double seconds, DoubleUnaryOperator hertz, double... overtones) {
        double[] phase = {0};
        draw(start, seconds, progress -> {
            phase[0] += hertz.applyAsDouble(progress) / SAMPLE_RATE;
            double value = sine(phase[0]);
            for (int overtone = 0; overtone < overtones.length; overtone++) {
                value += overtones[overtone] * sine(phase[0] * (overtone + 2));
            }
            return value;
        });
    }

    /** Noise in a band around a pitch: a resonator (two poles) fed with white noise. */
    void hiss(double start, double seconds, double hertz, double bandwidth) {
        double radius = 1 - StrictMath.PI * bandwidth / SAMPLE_RATE;
        double feedback = 2 * radius * StrictMath.cos(2 * StrictMath.PI * hertz / SAMPLE_RATE);
        double gain = 1.5 * StrictMath.sqrt(1 - radius * radius);
        double[] past = {0, 0};
        draw(start, seconds, progress -> {
            double white = 2 * random.nextDouble() - 1;
            double value = white + feedback * past[0] - radius * radius * past[1];
            past[1] = past[0];
            past[0] = value;
            return gain * value;
        });
    }

    private void draw(double start, double seconds, DoubleUnaryOperator waveform) {
        int first = (int) (start * SAMPLE_RATE);
        int length = (int) (seconds * SAMPLE_RATE);
        double fade = Math.min(FADE_SECONDS * SAMPLE_RATE, length / 2.0);
        for (int i = 0; i < length; i++) {
            double value = waveform.applyAsDouble((double) i / length);
            // What begins before the recording or ends after it is cut off there, as in the field.
            if (first + i >= 0 && first + i < samples.length) {
                double edge = Math.min(1, Math.min(i, length - i) / fade);
                samples[first + i] += (float) (value * edge);
            }
        }
    }
}
