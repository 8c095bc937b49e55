package org.chiffchaff.models;

import org.chiffchaff.onnx.Tensor;

/**
 * The fixed matrices of the front-end. Computed in double precision with {@link StrictMath}, so that every machine
 * writes the same artifact.
 */
final class FrontEndTables {
    /** Frames a delta is fitted over. */
    private static final int DELTA_WIDTH = 9;

    private static final double LINEAR_HERTZ_PER_MEL = 200.0 / 3;
    private static final double LOG_STARTS_AT_HERTZ = 1000;
    private static final double LOG_STEP = StrictMath.log(6.4) / 27;

    private FrontEndTables() {}

    /**
     * [hop, hop + 1]: row j weighs samples j + 1 and N - j - 1 of a frame by the Hann window and the cosine of each
     * bin.
     */
    static Tensor cosines(FeatureSpec spec) {
        return transform(spec, false);
    }

    /** [hop, hop + 1], as {@link #cosines} with sines. */
    static Tensor sines(FeatureSpec spec) {
        return transform(spec, true);
    }

    private static Tensor transform(FeatureSpec spec, boolean sine) {
        int n = spec.fftSamples();
        int hop = spec.hopSamples();
        int bins = hop + 1;
        float[] matrix = new float[hop * bins];
        for (int j = 0; j < hop; j++) {
            int sample = j + 1;
            // The middle sample is its own mirror image and comes in twice.
            double weight = hann(sample, n) * (sample == hop ? 0.5 : 1);
            for (int bin = 0; bin < bins; bin++) {
                double angle = 2 * Math.PI * ((long) sample * bin % n) / n;
                matrix[j * bins + bin] = (float) (weight * (sine ? StrictMath.sin(angle) : StrictMath.cos(angle)));
            }
        }
        return Tensor.of(matrix, hop, bins);
    }

    // Periodic form, zero at sample 0.
    private static double hann(int sample, int length) {
        return 0.5 - 0.5 * StrictMath.cos(2 * Math.PI * sample / length);
    }

    /** [hop + 1, bands]: triangles between neighbouring mel centres, each of unit area (Slaney's Auditory Toolbox). */
    static Tensor melFilters(FeatureSpec spec) {
        int bins = spec.hopSamples() + 1;
        int bands = spec.melBands();
        double[] edges = melEdges(spec);
        float[] matrix = new float[bins * bands];
        for (int bin = 0; bin < bins; bin++) {
            double hertz = (double) bin * spec.sampleRate() / spec.fftSamples();
            for (int band = 0; band < bands; band++) {
                double rise = (hertz - edges[band]) / (edges[band + 1] - edges[band]);
                double fall = (edges[band + 2] - hertz) / (edges[band + 2] - edges[band + 1]);
                double area = 2 / (edges[band + 2] - edges[band]);
                matrix[bin * bands + band] = (float) (area * Math.max(0, Math.min(rise, fall)));
            }
        }
        return Tensor.of(matrix, bins, bands);
    }

    private static double[] melEdges(FeatureSpec spec) {
        double top = hertzToMel(spec.sampleRate() / 2.0);
        double[] edges = new double[spec.melBands() + 2];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = melToHertz(top * i / (edges.length - 1));
        }
        return edges;
    }

    private static double hertzToMel(double hertz) {
        return hertz < LOG_STARTS_AT_HERTZ
                ? hertz / LINEAR_HERTZ_PER_MEL
                : LOG_STARTS_AT_HERTZ / LINEAR_HERTZ_PER_MEL + StrictMath.log(hertz / LOG_STARTS_AT_HERTZ) / LOG_STEP;
    }

    private static double melToHertz(double mel) {
        double logStartsAt = LOG_STARTS_AT_HERTZ / LINEAR_HERTZ_PER_MEL;
        return mel < logStartsAt
                ? mel * LINEAR_HERTZ_PER_MEL
                : LOG_STARTS_AT_HERTZ * StrictMath.exp(LOG_STEP * (mel - logStartsAt));
    }

    /** [bands, coefficients]: the orthonormal cosine transform of type II. */
    static Tensor cosineTransform(FeatureSpec spec) {
        int bands = spec.melBands();
        float[] matrix = new float[bands * spec.coefficients()];
        for (int band = 0; band < bands; band++) {
            for (int k = 0; k < spec.coefficients(); k++) {
                double scale = StrictMath.sqrt((k == 0 ? 1.0 : 2.0) / bands);
                matrix[band * spec.coefficients() + k] =
                        (float) (scale * StrictMath.cos(Math.PI * k * (2 * band + 1) / (2.0 * bands)));
            }
        }
        return Tensor.of(matrix, bands, spec.coefficients());
    }

    /**
     * [frames, frames], to be multiplied from the right: the derivative of the given order of a polynomial of that
     * order, fitted by least squares to nine frames (Savitzky and Golay 1964). Near the ends the first or last nine
     * frames serve, and since that derivative of such a polynomial is constant, every one of them gets the same value.
     */
    static Tensor delta(int frames, int order) {
        double[] weights = order == 1 ? slope() : curvature();
        float[] matrix = new float[frames * frames];
        for (int to = 0; to < frames; to++) {
            int start = Math.clamp(to - DELTA_WIDTH / 2, 0, frames - DELTA_WIDTH);
            for (int i = 0; i < DELTA_WIDTH; i++) {
                matrix[(start + i) * frames + to] = (float) weights[i];
            }
        }
        return Tensor.of(matrix, frames, frames);
    }

    // Least squares over k = -4..4: slope = sum(k y) / sum(k^2).
    private static double[] slope() {
        double[] weights = new double[DELTA_WIDTH];
        for (int i = 0; i < DELTA_WIDTH; i++) {
            weights[i] = (i - 4) / 60.0;
        }
        return weights;
    }

    // The second derivative is twice the square term: 2 sum((k^2 - m) y) / sum((k^2 - m)^2), with m = 60/9 the mean of
    // k^2.
    private static double[] curvature() {
        double[] weights = new double[DELTA_WIDTH];
        for (int i = 0; i < DELTA_WIDTH; i++) {
            weights[i] = 2 * ((i - 4) * (i - 4) - 60.0 / 9) / 308;
        }
        return weights;
    }
}
