package org.chiffchaff.audio;

/**
 * How much of a stretch of samples is sound, and not silence, an offset, or the noise of a converter.
 *
 * <p>Samples are looked at in frames of 20 ms. A frame is sound where its root mean square is above -86 dBFS after the
 * cubic polynomial that fits it best was taken off. That takes off an offset, a drift and whatever swings so slowly that
 * a frame holds less than one period, below 50 Hz, and unlike a filter it does not ring: a click is one frame of sound,
 * or two. A dither of one step of 16-bit sound has -90 dBFS at most; microphones in quiet places have -80 dBFS and more.
 */
public final class SoundMeter {
    private static final double FRAME_SECONDS = 0.02;
    private static final double FLOOR = Math.pow(10, -86 / 20.0);
    private static final int DEGREE = 3;

    private final int sampleRate;
    private final double[][] trends; // [DEGREE + 1, frame samples], orthonormal

    /** @param sampleRate of the samples to be measured, in Hz; at least 1 kHz */
    public SoundMeter(int sampleRate) {
        if (sampleRate < 1000) {
            throw new IllegalArgumentException("sample rate is " + sampleRate + " Hz; at least 1000 Hz is expected");
        }
        this.sampleRate = sampleRate;
        this.trends = trends((int) Math.round(FRAME_SECONDS * sampleRate));
    }

    /** How much of the samples is sound, in seconds; a rest shorter than a frame at their end is not looked at. */
    public double soundSeconds(float[] samples) {
        int frameSamples = trends[0].length;
        int frames = 0;
        for (int start = 0; start + frameSamples <= samples.length; start += frameSamples) {
            frames += isSound(samples, start) ? 1 : 0;
        }
        return (double) frames * frameSamples / sampleRate;
    }

    private boolean isSound(float[] samples, int start) {
        int frameSamples = trends[0].length;
        double energy = 0;
        double[] trend = new double[trends.length];
        for (int i = 0; i < frameSamples; i++) {
            double sample = samples[start + i];
            energy += sample * sample;
            for (int degree = 0; degree < trend.length; degree++) {
                trend[degree] += trends[degree][i] * sample;
            }
        }
        for (double part : trend) {
            energy -= part * part;
        }
        return energy > FLOOR * FLOOR * frameSamples;
    }

    // Powers of the time, from -1 to 1, each less its part along those before it (Gram and Schmidt).
    private static double[][] trends(int samples) {
        double[][] trends = new double[DEGREE + 1][samples];
        for (int degree = 0; degree <= DEGREE; degree++) {
            for (int i = 0; i < samples; i++) {
                trends[degree][i] = Math.pow(2.0 * i / (samples - 1) - 1, degree);
            }
            for (int before = 0; before < degree; before++) {
                add(trends[degree], -dot(trends[degree], trends[before]), trends[before]);
            }
            double length = Math.sqrt(dot(trends[degree], trends[degree]));
            for (int i = 0; i < samples; i++) {
                trends[degree][i] /= length;
            }
        }
        return trends;
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    private static void add(double[] target, double factor, double[] values) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * values[i];
        }
    }
}
