package org.chiffchaff.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/**
 * What a rule sees of the node it differentiates.
 *
 * @param outputGradients one per output, {@link Value#NONE} where the loss does not depend on it
 */
public record Forward(Node node, List<Value> outputGradients, Device device) {
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

    /** Gradients for all inputs: this one for the first, none for the others. */
    List<Value> first(Value gradient) {
        List<Value> gradients =
                new ArrayList<>(Collections.nCopies(node.inputs().size(), Value.NONE));
        gradients.set(0, gradient);
        return gradients;
    }

    /** A form of the operator that the rule does not serve. */
    AutodiffException refusal(String found, String served) {
        return new AutodiffException(
                node.opType() + " (node " + node.name() + "): found " + found + "; the gradient rule serves " + served);
    }
}
