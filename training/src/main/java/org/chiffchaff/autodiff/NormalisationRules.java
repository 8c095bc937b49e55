package org.chiffchaff.autodiff;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Value;

/** Normalisation layers. */
final class NormalisationRules {
    private NormalisationRules() {}

    static void add(GradientRules.Table table) {
        // The momentum moves the running statistics, which are no part of the loss.
        table.rule(
                        "com.microsoft.BatchNormInternal",
                        NormalisationRules::batchNormalization,
                        "epsilon",
                        "momentum",
                        "training_mode")
                .rule(
                        "BatchNormalization",
                        NormalisationRules::fixedStatistics,
                        "epsilon",
                        "momentum",
                        "training_mode");
    }

    private static void requireMode(Forward n, long expected) {
        long found = n.node().integer("training_mode", 0);
        if (found != expected) {
            throw n.refusal("training_mode = " + found, "training_mode = " + expected);
        }
    }

    // With the statistics of the batch, as training sees it.
    private static List<Value> batchNormalization(Ops op, Forward n) {
        requireMode(n, 1);
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
        requireMode(n, 0);
        Value epsilon = op.scalarLike(n.x(4), n.node().number("epsilon", 1e-5f));
        Value deviation = perChannel(op, n, op.sqrt(op.add(n.x(4), epsilon)));
        Value scaled = op.div(n.dy(), deviation);
        Value centred = op.sub(n.x(0), perChannel(op, n, n.x(3)));
        int[] others =
                IntStream.range(0, n.shape(0).rank()).filter(axis -> axis != 1).toArray();
        Value dScale = op.reduceSum(op.mul(scaled, centred), false, others);
        Value dShift = op.reduceSum(n.dy(), false, others);
        return List.of(op.mul(scaled, perChannel(op, n, n.x(1))), dScale, dShift, Value.NONE, Value.NONE);
    }

    // [channels] -> [channels, 1, 1], as many axes as the input has from the channels on.
    private static Value perChannel(Ops op, Forward n, Value x) {
        Value wide = x;
        for (int axis = 2; axis < n.shape(0).rank(); axis++) {
            wide = op.unsqueeze(wide, axis - 1);
        }
        return wide;
    }
}
