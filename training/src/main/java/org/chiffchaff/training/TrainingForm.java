package org.chiffchaff.training;

import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Value;

/** What becomes of a node when its graph is trained: two operators act otherwise than at inference. */
final class TrainingForm {
    private TrainingForm() {}

    /** Emits the node's training form and returns what stands for its outputs. */
    static List<Value> of(Ops ops, Node node, List<Value> inputs) {
        return switch (node.opType()) {
            case "BatchNormalization" -> batchNormalization(ops, node, inputs);
            case "Dropout" -> ops.dropoutTraining(inputs.get(0), inputs.get(1)).subList(0, 1);
            default -> ops.graph().copy(node, inputs);
        };
    }

    // With the statistics of the batch; the running ones are parameters that the operator itself moves.
    private static List<Value> batchNormalization(Ops ops, Node node, List<Value> inputs) {
        Map<String, Attribute> attributes = Map.of(
                "epsilon", Attribute.of(node.number("epsilon", 1e-5f)),
                "momentum", Attribute.of(node.number("momentum", 0.9f)),
                "training_mode", Attribute.of(1));
        var perChannel = Ops.like(inputs.get(1));
        List<Value> outputs = ops.microsoft(
                "BatchNormInternal",
                inputs,
                attributes,
                Ops.like(inputs.get(0)),
                perChannel,
                perChannel,
                perChannel,
                perChannel);
        return outputs.subList(0, 1);
    }
}
