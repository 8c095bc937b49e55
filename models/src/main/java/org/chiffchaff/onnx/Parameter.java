package org.chiffchaff.onnx;

/**
 * A tensor a graph owns and somebody may change between runs.
 *
 * @param trainable whether an optimizer moves it; a frozen one (running statistics, the gamma of a focal loss, the data
 *     set's mean) is set from outside
 */
public record Parameter(Value value, Tensor initial, boolean trainable) {
    public Parameter {
        if (!value.shape().equals(initial.shape()) || value.type() != initial.type()) {
            throw new OnnxException(
                    "Parameter " + value + " was given a tensor of type " + initial.type() + initial.shape());
        }
    }

    public String name() {
        return value.name();
    }
}
