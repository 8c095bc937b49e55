package org.chiffchaff.models;

import java.util.Locale;
import org.chiffchaff.onnx.Shape;

/**
 * Every number of the front-end, from a window of sound to what the network sees.
 *
 * @param sampleRate of the waveform, in hertz
 * @param windowSamples length of one window
 * @param fftSamples length of one analysis frame, twice the hop
 * @param hopSamples from one frame to the next
 * @param melBands bands of the mel filter bank, from 0 Hz to half the sample rate
 * @param coefficients cepstral coefficients kept
 */
public record FeatureSpec(
        int sampleRate,
        int windowSamples,
        int fftSamples,
        int hopSamples,
        int melBands,
        int coefficients,
        Normalise normalise) {

    /** What is taken off the features before the network standardises them over the training set. */
    public enum Normalise implements Labelled {
        /** Nothing. */
        DATASET,
        /** Each coefficient's mean over its own window: what the recorder and the place add stays outside. */
        WINDOW;

        /** The spelling used in options and manifests. */
        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Five seconds at 22,050 Hz, 128 mel bands, 40 coefficients. */
    public static FeatureSpec standard(Normalise normalise) {
        return new FeatureSpec(22_050, 110_250, 1024, 512, 128, 40, normalise);
    }

    // Bounds of what can be a window of sound, far from any in use: a spec from a file may ask for any memory.
    private static final int LOWEST_HERTZ = 1_000;
    private static final int HIGHEST_HERTZ = 1_000_000;
    private static final int MOST_WINDOW_SAMPLES = 1 << 22;
    private static final int MOST_FFT_SAMPLES = 1 << 14;
    private static final int MOST_MEL_BANDS = 1 << 10;

    public FeatureSpec {
        within("sample rate in hertz", sampleRate, LOWEST_HERTZ, HIGHEST_HERTZ);
        within("number of samples in a window", windowSamples, 1, MOST_WINDOW_SAMPLES);
        within("number of samples in an FFT", fftSamples, 2, MOST_FFT_SAMPLES);
        within("number of mel bands", melBands, 1, MOST_MEL_BANDS);
        if (fftSamples != 2 * hopSamples) {
            throw new ModelException("Feature spec: an FFT of " + fftSamples + " samples with a hop of " + hopSamples
                    + "; expected a hop of half the FFT, which the front-end is built on");
        }
        if (coefficients > melBands || coefficients < 1) {
            throw new ModelException("Feature spec: " + coefficients + " coefficients of " + melBands
                    + " mel bands; expected between 1 and the number of bands");
        }
        if (windowSamples < fftSamples) {
            throw new ModelException("Feature spec: windows of " + windowSamples + " samples at " + sampleRate
                    + " Hz; expected at least one FFT of " + fftSamples + " samples");
        }
    }

    private static void within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ModelException(
                    "Feature spec: the " + what + " is " + value + "; expected " + least + " to " + most);
        }
    }

    /** Frames of one window; the first and the last are centred on the window's ends. */
    public int frames() {
        return 1 + windowSamples / hopSamples;
    }

    public double windowSeconds() {
        return (double) windowSamples / sampleRate;
    }

    /**
     * Features of a batch: [batch, 3, coefficients, frames]; the channels are the coefficients, their deltas and
     * theirs.
     */
    public Shape featureShape() {
        return Shape.of(Shape.DYNAMIC, 3, coefficients, frames());
    }

    /** Numbers in the features of one window. */
    public int featureSize() {
        return 3 * coefficients * frames();
    }
}
