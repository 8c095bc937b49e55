package org.chiffchaff.training.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.data.Recording;
import org.chiffchaff.models.Standardisation;
import org.chiffchaff.onnx.HashStream;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.training.run.TinyRun;
import org.junit.jupiter.api.Test;

class FeatureStatisticsTest {
    private static final int ROWS = 3 * TinyRun.SPEC.coefficients();
    private static final int FRAMES = TinyRun.SPEC.frames();

    // Far from zero and little spread, as the first cepstral coefficient is; the last row never moves.
    private static float value(int window, int row, int frame) {
        double noise = HashStream.uniform((long) frame * 10 + window, row);
        return row == ROWS - 1 ? 7 : (float) (-300 + 10 * row + 0.5 * noise);
    }

    private static Features windows(int first, int count) {
        ByteBuffer bytes =
                ByteBuffer.allocate(count * ROWS * FRAMES * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int window = first; window < first + count; window++) {
            for (int row = 0; row < ROWS; row++) {
                for (int frame = 0; frame < FRAMES; frame++) {
                    bytes.putFloat(value(window, row, frame));
                }
            }
        }
        return new TinyRun.Held(bytes, TinyRun.SPEC);
    }

    @Test
    void areMeanAndDeviationOfEachCoefficient() {
        Map<String, Tensor> found = FeatureStatistics.of(Examples.of(
                TinyRun.SPEC, List.of(source("a", windows(0, 1), 0), source("b", windows(1, 2), 1))));
        double count = 3.0 * FRAMES;
        for (int row = 0; row < ROWS; row++) {
            double mean = 0;
            for (int i = 0; i < count; i++) {
                mean += value(i / FRAMES, row, i % FRAMES) / count;
            }
            double variance = 0;
            for (int i = 0; i < count; i++) {
                variance += Math.pow(value(i / FRAMES, row, i % FRAMES) - mean, 2) / count;
            }
            double deviation = row == ROWS - 1 ? 1 : Math.sqrt(variance);
            assertEquals(mean, found.get(Standardisation.MEAN).floats()[row], 1e-4);
            assertEquals(deviation, found.get(Standardisation.DEVIATION).floats()[row], 1e-6);
        }
        assertArrayEquals(
                new long[] {3, TinyRun.SPEC.coefficients(), 1},
                found.get(Standardisation.MEAN).shape().toArray());
    }

    private static Examples.Source source(String name, Features features, int label) {
        return new Examples.Source(new Recording(name, name, name), Channel.MIX, features, label);
    }
}
