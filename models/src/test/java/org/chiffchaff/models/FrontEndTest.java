package org.chiffchaff.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.chiffchaff.onnx.HashStream;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Tensor;
import org.junit.jupiter.api.Test;

/** The front-end against librosa, on signals that Python and Java make alike (tools/golden/mfcc.py). */
class FrontEndTest {
    private static final FeatureSpec SPEC = FeatureSpec.standard(FeatureSpec.Normalise.DATASET);

    @Test
    void equalsLibrosaOnAChirpWithGaps() {
        float[] chirp = new float[SPEC.windowSamples()];
        for (int i = 0; i < chirp.length; i++) {
            long phase = (long) i * 40_000_000L + (long) i * (i - 1) / 2 * 12_000L;
            double triangle = Math.abs((long) (int) phase) / (double) (1 << 30) - 1;
            chirp[i] = (i >> 13) % 4 == 3 ? 0 : (float) (0.5 * triangle + 0.125 * HashStream.uniform(i, 2000));
        }
        FrontEndGolden.assertEqual("chirp.npy", chirp);
    }

    @Test
    void equalsLibrosaNearSilence() {
        float[] quiet = new float[SPEC.windowSamples()];
        for (int i = 44_100; i < quiet.length; i++) {
            quiet[i] = (float) (HashStream.uniform(i, 2001) / (1 << 14));
        }
        FrontEndGolden.assertEqual("near-silent.npy", quiet);
    }

    @Test
    void windowNormalisationTakesEachCoefficientsMeanOff() {
        float[] noise = new float[SPEC.windowSamples()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) HashStream.uniform(i, 7);
        }
        float[] plain = features(SPEC, noise);
        float[] normalised = features(FeatureSpec.standard(FeatureSpec.Normalise.WINDOW), noise);
        int frames = SPEC.frames();
        for (int row = 0; row < plain.length; row += frames) {
            double mean = 0;
            for (int frame = 0; frame < frames; frame++) {
                mean += plain[row + frame] / frames;
            }
            for (int frame = 0; frame < frames; frame++) {
                assertEquals(plain[row + frame] - mean, normalised[row + frame], 2e-3);
            }
        }
    }

    @Test
    void windowsOfABatchDoNotMeet() {
        float[] noise = new float[SPEC.windowSamples()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) HashStream.uniform(i, 8);
        }
        float[][] windows = {noise, new float[SPEC.windowSamples()], noise};
        try (OnnxModel model = OnnxModel.load(FrontEnd.graph(SPEC), 1)) {
            Tensor batch = model.run(FrontEnd.waveform(windows, SPEC)).getFirst();
            assertArrayEquals(new long[] {3, 3, 40, 216}, batch.shape().toArray());
            float[] all = batch.floats();
            float[] alone = features(SPEC, noise);
            for (int i = 0; i < alone.length; i++) {
                assertEquals(alone[i], all[i], 1e-3f);
                assertEquals(alone[i], all[2 * alone.length + i], 1e-3f);
            }
        }
    }

    @Test
    void settingsItCannotFollowAreRefused() {
        ModelException refused = assertThrows(
                ModelException.class,
                () -> new FeatureSpec(22_050, 110_250, 1024, 256, 128, 40, FeatureSpec.Normalise.WINDOW));
        assertEquals(
                "Feature spec: an FFT of 1024 samples with a hop of 256; expected a hop of half the FFT, which the front-end is"
                        + " built on",
                refused.getMessage());
    }

    private static float[] features(FeatureSpec spec, float[] waveform) {
        try (OnnxModel model = OnnxModel.load(FrontEnd.graph(spec), 2)) {
            return model.run(FrontEnd.waveform(new float[][] {waveform}, spec))
                    .getFirst()
                    .floats();
        }
    }
}
