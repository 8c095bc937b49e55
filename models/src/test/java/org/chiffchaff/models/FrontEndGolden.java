package org.chiffchaff.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.chiffchaff.onnx.Npy;
import org.chiffchaff.onnx.OnnxModel;

/** The front-end's features beside librosa's (tools/golden/mfcc.py), for the tests of every module. */
public final class FrontEndGolden {
    private static final FeatureSpec SPEC = FeatureSpec.standard(FeatureSpec.Normalise.DATASET);
    private static final Path GOLDEN =
            Path.of(System.getProperty("chiffchaff.root"), "models/src/test/resources/golden/mfcc");

    private FrontEndGolden() {}

    /** Asserts that a window's features are librosa's to a thousandth. */
    public static void assertEqual(String golden, float[] waveform) {
        float[] expected = Npy.floats(GOLDEN.resolve(golden));
        float[] found = features(waveform);
        assertEquals(expected.length, found.length);
        // Relative to the largest of each channel: the channels differ by a factor of a hundred, and each crosses zero.
        int channel = expected.length / 3;
        for (int start = 0; start < expected.length; start += channel) {
            double scale = 0;
            double worst = 0;
            for (int i = start; i < start + channel; i++) {
                scale = Math.max(scale, Math.abs(expected[i]));
                worst = Math.max(worst, Math.abs(expected[i] - found[i]));
            }
            assertTrue(worst <= 1e-3 * scale, golden + ", channel " + start / channel + ": " + worst + " of " + scale);
        }
    }

    private static float[] features(float[] waveform) {
        try (OnnxModel model = OnnxModel.load(FrontEnd.graph(SPEC), 2)) {
            return model.run(FrontEnd.waveform(new float[][] {waveform}, SPEC))
                    .getFirst()
                    .floats();
        }
    }
}
