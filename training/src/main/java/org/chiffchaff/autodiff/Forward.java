package org.chiffchaff.autodiff;

import java.util.List;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/**
 * What a rule sees of the node it differentiates.
 *
 * @param outputGradients one per output, {@link Value#NONE} where the loss does not depend on it
 */
public record Forward(Node node, List<Value> outputGradients, Target target) {
    public Forward {
        outputGradients = List.copyOf(outputGradients);
    }

    public Value x(int input) {
        return node.input(input);
    }

    public Value y() {
        return node.output(0);
    }

    public Value dy() {
        return outputGradients.getFirst();
    }

    Shape shape(int input) {
        return x(input).shape();
    }
}
