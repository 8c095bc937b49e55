package org.chiffchaff.training.session;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.training.TrainingException;

/**
 * AdamW, Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101), in PyTorch's order of
 * operations.
 *
 * @param weightDecay share of each weight taken off per unit of learning rate, by the training step
 * @param clipNorm Euclidean length of all gradients together to which longer ones are shortened first; 0 for none
 */
public record AdamW(float beta1, float beta2, float epsilon, float weightDecay, float clipNorm) {
    public AdamW {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0 && clipNorm >= 0)) {
            throw new TrainingException("AdamW with betas " + beta1 + " and " + beta2 + ", epsilon " + epsilon
                    + ", weight decay " + weightDecay + ", norm clipped to " + clipNorm
                    + "; expected betas in [0, 1), epsilon above 0, weight decay and norm at least 0");
        }
    }

    public static AdamW of(float weightDecay, float clipNorm) {
        return new AdamW(0.9f, 0.999f, 1e-8f, weightDecay, clipNorm);
    }

    // Its inputs are sequences of tensors, which no graph of ours has: the one model written without the builder.
    byte[] model() {
        List<String> sequences = List.of("params", "gradients", "first_order_moments", "second_order_moments");
        GraphProto.Builder graph = GraphProto.newBuilder().setName("adamw");
        String gradients = "gradients";
        if (clipNorm > 0) {
            gradients = "clipped_gradients";
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("InplaceClipGradNorm")
                    .setDomain(Node.MICROSOFT)
                    .setName("ClipNorm")
                    .addInput("gradients")
                    .addOutput(gradients)
                    .addAttribute(number("max_norm", clipNorm)));
        }
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType("AdamWOptimizer")
                .setDomain(Node.MICROSOFT)
                .setName("AdamW")
                .addAllInput(List.of(
                        "learning_rate", "step", "params", gradients, "first_order_moments", "second_order_moments"))
                .addOutput("updated")
                .addAttribute(number("alpha", beta1))
                .addAttribute(number("beta", beta2))
                .addAttribute(number("epsilon", epsilon))
                .addAttribute(number("weight_decay", 0))
                .addAttribute(integer("correct_bias", 1))
                .addAttribute(integer("adam_mode", 0));
        graph.addNode(node)
                .addInput(one("learning_rate", TensorProto.DataType.FLOAT))
                .addInput(one("step", TensorProto.DataType.INT64))
                .addOutput(one("updated", TensorProto.DataType.BOOL));
        sequences.forEach(name -> graph.addInput(sequence(name)));
        return ModelProto.newBuilder()
                .setIrVersion(OnnxFile.IR_VERSION)
                .setProducerName("chiffchaff")
                .setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OnnxFile.OPSET))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain(Node.MICROSOFT)
                        .setVersion(1))
                .build()
                .toByteArray();
    }

    private static AttributeProto number(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static ValueInfoProto one(String name, TensorProto.DataType type) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(1))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }

    private static ValueInfoProto sequence(String name) {
        TypeProto element = TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber()))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setSequenceType(TypeProto.Sequence.newBuilder().setElemType(element)))
                .build();
    }
}
