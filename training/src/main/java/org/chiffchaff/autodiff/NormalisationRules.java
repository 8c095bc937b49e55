package org.chiffchaff.autodiff;

import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Value;

/** Normalisation layers. */
final class NormalisationRules {
    private NormalisationRules() {}

    static void add(GradientRules.Table table) {
        table.rule("BatchNormInternal", NormalisationRules::batchNormalization)
                .rule("BatchNormalization", NormalisationRules::fixedStatistics);
    }

    // With the statistics of the batch, as training sees it. The running statistics are no part of the loss.
    private static List<Value> batchNormalization(Ops op, Forward n) {
        List<Value> inputs =
                List.of(n.dy(), n.x(0), n.x(1), n.node().output(3), n.node().output(4));
        Map<String, Attribute> attributes =
                Map.of("epsilon", Attribute.of(n.node().number("epsilon", 1e-5f)));
        List<Value> found = op.microsoft(
                "BatchNormalizationGrad", inputs, attributes, Ops.like(n.x(0)), Ops.like(n.x(1)), Ops.like(n.x(2)));
        return List.of(found.get(0), found.get(1), found.get(2), Value.NONE, Value.NONE);
    }

    // With given statistics it is a linear map per channel: Y = (X - mean) / sqrt(variance + epsilon) * scale + shift.
    private static List<Value> fixedStatistics(Ops op, Forward n) {
        Value epsilon = op.scalarLike(n.x(4), n.node().number("epsilon", 1e-5f));
        Value deviation = perChannel(op, op.sqrt(op.add(n.x(4), epsilon)));
        Value scaled = op.div(n.dy(), deviation);
        Value centred = op.sub(n.x(0), perChannel(op, n.x(3)));
        Value dScale = op.reduceSum(op.mul(scaled, centred), false, 0, 2, 3);
        Value dShift = op.reduceSum(n.dy(), false, 0, 2, 3);
        return List.of(op.mul(scaled, perChannel(op, n.x(1))), dScale, dShift, Value.NONE, Value.NONE);
    }

    // [channels] -> [channels, 1, 1]
    private static Value perChannel(Ops op, Value x) {
        return op.unsqueeze(op.unsqueeze(x, 1), 2);
    }
}
