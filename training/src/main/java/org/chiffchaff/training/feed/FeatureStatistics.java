package org.chiffchaff.training.feed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.Standardisation;
import org.chiffchaff.onnx.Tensor;

/** Mean and deviation of each coefficient over a training set, as the network's standardisation takes them. */
public final class FeatureStatistics {
    // A coefficient that never moves is left as it is.
    private static final double LEAST_DEVIATION = 1e-6;

    private FeatureStatistics() {}

    /** The two frozen parameters of {@link Standardisation}, by name. */
    public static Map<String, Tensor> of(Examples examples) {
        FeatureSpec spec = examples.spec();
        int rows = 3 * spec.coefficients();
        double[] sum = new double[rows];
        double[] squares = new double[rows];
        ByteBuffer window =
                ByteBuffer.allocate(spec.featureSize() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Examples.Example example : examples.windows()) {
            example.features().read(example.window(), window.clear());
            add(window.flip().asFloatBuffer(), spec.frames(), sum, squares);
        }
        double count = (double) examples.size() * spec.frames();
        float[] mean = new float[rows];
        float[] deviation = new float[rows];
        for (int row = 0; row < rows; row++) {
            double average = sum[row] / count;
            mean[row] = (float) average;
            double spread = Math.sqrt(Math.max(0, squares[row] / count - average * average));
            deviation[row] = spread < LEAST_DEVIATION ? 1 : (float) spread;
        }
        return Map.of(
                Standardisation.MEAN, Tensor.of(mean, 3, spec.coefficients(), 1),
                Standardisation.DEVIATION, Tensor.of(deviation, 3, spec.coefficients(), 1));
    }

    private static void add(FloatBuffer features, int frames, double[] sum, double[] squares) {
        for (int row = 0; row < sum.length; row++) {
            for (int frame = 0; frame < frames; frame++) {
                double value = features.get();
                sum[row] += value;
                squares[row] += value * value;
            }
        }
    }
}
