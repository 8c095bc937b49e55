package org.chiffchaff.models;

import org.chiffchaff.onnx.Graph;

/**
 * The networks by name: {@code features} [batch, 3, coefficients, frames] to {@code logits} [batch, classes] and {@code
 * embedding} [batch, width].
 */
public enum Architecture implements Labelled {
    /** Four convolutional blocks; 478,041 parameters for 89 classes. */
    AUDIOCNN("audiocnn") {
        @Override
        public Graph graph(NetworkSettings settings) {
            return AudioCnn.graph(settings);
        }
    };

    private final String label;

    Architecture(String label) {
        this.label = label;
    }

    /** The name used in options, manifests and {@code models/onnx}. */
    @Override
    public String label() {
        return label;
    }

    /** The network with its first weights. */
    public abstract Graph graph(NetworkSettings settings);

    /**
     * The network of that name.
     *
     * @throws ModelException where there is none
     */
    public static Architecture of(String label) {
        return Labelled.find(Architecture.class, "model", label);
    }
}
