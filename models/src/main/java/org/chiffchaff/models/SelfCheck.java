package org.chiffchaff.models;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.Tensor;

/**
 * A few windows and what the model must say of them, in the layout of ONNX's own test data: {@code input_0.pb}, and
 * {@code output_0.pb} to {@code output_2.pb} in the order of the graph's outputs.
 *
 * @param windows [windows, samples]
 * @param expected what the trainer's graph said
 */
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, passed on and never compared
public record SelfCheck(float[][] windows, Scores expected) {
    static final String INPUT = "selfcheck/input_0.pb";
    static final String PROBABILITIES = "selfcheck/output_0.pb";
    static final String LOGITS = "selfcheck/output_1.pb";
    static final String EMBEDDINGS = "selfcheck/output_2.pb";

    // Of the largest expected value, or of 1 where that is larger. Another processor's kernels add in another order,
    // which moves the last digits of a float (about 1e-6); a difference in features moves far more than this.
    static final double TOLERANCE = 1e-4;

    public SelfCheck {
        if (windows.length == 0) {
            throw new ModelException("A self-check needs at least one window");
        }
    }

    /**
     * Windows to check with, made up: the licences of recordings often forbid handing them on. A tone that rises over
     * noise, so that there is sound in every band and a change to any number of the front-end shows.
     *
     * @return [count, windowSamples], always the same
     */
    public static float[][] windows(FeatureSpec features, int count) {
        float[][] windows = new float[count][];
        for (int i = 0; i < count; i++) {
            windows[i] = sweep(features, i);
        }
        return windows;
    }

    private static float[] sweep(FeatureSpec features, int number) {
        SplittableRandom random = new SplittableRandom(number);
        float[] samples = new float[features.windowSamples()];
        double phase = 0;
        for (int i = 0; i < samples.length; i++) {
            double hertz = 500 * (number + 1) + 4000.0 * i / samples.length;
            phase += 2 * Math.PI * hertz / features.sampleRate();
            samples[i] = (float) (0.4 * Math.sin(phase) + 0.02 * (random.nextDouble() - 0.5));
        }
        return samples;
    }

    /** A self-check of what a classifier says now. */
    public static SelfCheck of(float[][] windows, Classifier classifier) {
        return new SelfCheck(windows, classifier.classify(windows));
    }

    /** Reads what {@link #files()} holds, each file by its path within the bundle. */
    static SelfCheck read(Function<String, byte[]> contents) {
        Function<String, float[][]> rows =
                file -> OnnxFile.tensor(contents.apply(file)).rows();
        return new SelfCheck(
                rows.apply(INPUT), new Scores(rows.apply(PROBABILITIES), rows.apply(LOGITS), rows.apply(EMBEDDINGS)));
    }

    Map<String, byte[]> files() {
        return Map.of(
                INPUT, file(OnnxClassifier.WAVEFORM, windows),
                PROBABILITIES, file(OnnxClassifier.PROBABILITIES, expected.probabilities()),
                LOGITS, file(OnnxClassifier.LOGITS, expected.logits()),
                EMBEDDINGS, file(OnnxClassifier.EMBEDDING, expected.embeddings()));
    }

    private static byte[] file(String name, float[][] rows) {
        int columns = rows[0].length;
        float[] values = new float[rows.length * columns];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, values, row * columns, columns);
        }
        return OnnxFile.bytes(name, Tensor.of(values, rows.length, columns));
    }

    /** Refuses a classifier that says anything else; {@code where} names the bundle in errors. */
    void verify(Classifier classifier, String where) {
        Scores found = classifier.classify(windows);
        verify("probabilities", expected.probabilities(), found.probabilities(), where);
        verify("logits", expected.logits(), found.logits(), where);
        verify("embeddings", expected.embeddings(), found.embeddings(), where);
    }

    private static void verify(String what, float[][] expected, float[][] found, String where) {
        double largest = 1;
        double difference = 0;
        for (int row = 0; row < expected.length; row++) {
            if (found[row].length != expected[row].length) {
                throw new ModelException("Self-check of " + where + " failed: " + found[row].length + " " + what
                        + " for a window, expected " + expected[row].length);
            }
            for (int i = 0; i < expected[row].length; i++) {
                largest = Math.max(largest, Math.abs(expected[row][i]));
                difference = Math.max(difference, Math.abs((double) expected[row][i] - found[row][i]));
            }
        }
        // Written so that a NaN fails.
        if (!(difference <= TOLERANCE * largest)) {
            throw new ModelException(
                    "Self-check of %s failed: %s differ by up to %.1e, allowed is %.1e; what runs here is not what was trained"
                            .formatted(where, what, difference, TOLERANCE * largest));
        }
    }
}
