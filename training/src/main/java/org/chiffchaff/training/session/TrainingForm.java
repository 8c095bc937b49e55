package org.chiffchaff.training.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * What becomes of the nodes of a graph that is trained: two operators act otherwise than at inference. Batch
 * normalisation takes the statistics of the batch; what the running ones make of them is not the operator's affair, as
 * it depends on more than a fixed momentum.
 */
final class TrainingForm {
    private final Ops ops;
    private final List<Statistic> statistics = new ArrayList<>();

    TrainingForm(Ops ops) {
        this.ops = ops;
    }

    /**
     * A statistic of every channel, [channels].
     *
     * @param running the parameter that inference uses
     * @param ofBatch the same of the batch under way
     * @param weight of a batch's statistic in the running one
     */
    record Statistic(Value running, Value ofBatch, float weight) {}

    /** The statistics met so far. */
    List<Statistic> statistics() {
        return List.copyOf(statistics);
    }

    /** Emits the node's training form and returns what stands for its outputs. */
    List<Value> of(Node node, List<Value> inputs) {
        return switch (node.opType()) {
            case "BatchNormalization" -> batchNormalization(node, inputs);
            case "Dropout" -> ops.dropoutTraining(inputs.get(0), inputs.get(1)).subList(0, 1);
            default -> ops.graph().copy(node, inputs);
        };
    }

    // The operator would move the running statistics itself, in place. Even with a momentum of 1, which moves nothing,
    // a
    // batch whose statistics are not numbers would spoil them; so it is given others, of which nothing depends.
    private List<Value> batchNormalization(Node node, List<Value> inputs) {
        float epsilon = node.number("epsilon", 1e-5f);
        Map<String, Attribute> attributes = Map.of(
                "epsilon", Attribute.of(epsilon),
                "momentum", Attribute.of(1f),
                "training_mode", Attribute.of(1));
        var perChannel = Ops.like(inputs.get(1));
        Value unused = ops.constant(Tensor.filled(0, inputs.get(3).shape().toArray()));
        List<Value> outputs = ops.microsoft(
                "BatchNormInternal",
                List.of(inputs.get(0), inputs.get(1), inputs.get(2), unused, unused),
                attributes,
                Ops.like(inputs.get(0)),
                perChannel,
                perChannel,
                perChannel,
                perChannel);
        Value inverse = outputs.get(4);
        Value one = ops.scalarLike(inverse, 1);
        Value variance = ops.sub(ops.div(one, ops.mul(inverse, inverse)), ops.scalarLike(inverse, epsilon));
        float weight = 1 - node.number("momentum", 0.9f);
        statistics.add(new Statistic(inputs.get(3), outputs.get(3), weight));
        statistics.add(new Statistic(inputs.get(4), variance, weight));
        return outputs.subList(0, 1);
    }
}
