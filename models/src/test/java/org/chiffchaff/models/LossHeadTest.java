package org.chiffchaff.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The losses against their formulas, in plain Java and double precision. */
class LossHeadTest {
    private static final float[][] LOGITS = {{0, 0, 0}, {2, -1, 0.5f}, {-30, 40, 5}, {-30, 40, 5}};
    private static final long[] TRUTH = {0, 2, 1, 0};

    @Test
    void crossEntropyIsMinusLogP() {
        double expected = 0;
        for (int i = 0; i < TRUTH.length; i++) {
            expected -= Math.log(p(i)) / TRUTH.length;
        }
        assertEquals(expected, loss(LossHead.CROSS_ENTROPY.graph(3), TRUTH), 1e-5 * expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.25", "0.5, 1", "1, 0.75", "2, 0.25", "5, 1"})
    void focalMutesWhatIsTold(float gamma, float alpha) {
        // An alpha for each class, so that a mix-up of classes shows.
        float[] alphas = {alpha, alpha / 2, alpha / 4};
        double expected = 0;
        for (int i = 0; i < TRUTH.length; i++) {
            double p = p(i);
            expected -= alphas[(int) TRUTH[i]] * Math.pow(1 - p, gamma) * Math.log(p) / TRUTH.length;
        }
        Graph head = LossHead.FOCAL
                .graph(3)
                .withParameters(Map.of(LossHead.GAMMA, Tensor.scalar(gamma), LossHead.ALPHA, Tensor.of(alphas, 3)));
        assertEquals(expected, loss(head, TRUTH), 1e-5 * expected);
    }

    @ParameterizedTest
    @CsvSource({"-1", "3", "-3", "-100", "9223372036854775807", "-9223372036854775808"})
    void aLabelOfNoClassMakesTheLossNotANumber(long label) {
        for (LossHead head : LossHead.values()) {
            assertEquals(Double.NaN, loss(head.graph(3), 0, label, 1, 0), head + " of the label " + label);
            assertTrue(Double.isFinite(loss(head.graph(3), 0, 2, 1, 0)), head.label());
        }
    }

    @Test
    void aLossNobodyHasIsNamed() {
        assertEquals(
                "No loss 'hinge'; there is cross-entropy, focal",
                assertThrows(ModelException.class, () -> LossHead.of("hinge")).getMessage());
    }

    // Of the true class.
    private static double p(int example) {
        double sum = 0;
        for (float logit : LOGITS[example]) {
            sum += Math.exp(logit);
        }
        return Math.exp(LOGITS[example][(int) TRUTH[example]]) / sum;
    }

    private static double loss(Graph head, long... labels) {
        float[] all = new float[LOGITS.length * 3];
        for (int i = 0; i < all.length; i++) {
            all[i] = LOGITS[i / 3][i % 3];
        }
        try (OnnxModel model = OnnxModel.load(head, 1)) {
            return model.run(Tensor.of(all, LOGITS.length, 3), Tensor.of(labels, labels.length))
                    .getFirst()
                    .floats()[0];
        }
    }
}
