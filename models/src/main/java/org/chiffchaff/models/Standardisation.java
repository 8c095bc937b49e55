package org.chiffchaff.models;

import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * What every network does first: each coefficient less its mean over the training set, divided by its deviation. Both
 * are frozen parameters, so the checkpoint carries them from the training set to whoever runs the model.
 */
public final class Standardisation {
    /** Frozen parameter [3, coefficients, 1]. */
    public static final String MEAN = "features.mean";

    /** Frozen parameter [3, coefficients, 1], greater than zero. */
    public static final String DEVIATION = "features.deviation";

    private Standardisation() {}

    /** Adds the input {@code features} and returns it standardised. */
    static Value apply(Ops ops, FeatureSpec spec) {
        Value features = ops.graph().input("features", ElementType.FLOAT, spec.featureShape());
        Value mean = ops.graph().parameter(MEAN, Tensor.filled(0, 3, spec.coefficients(), 1), false);
        Value deviation = ops.graph().parameter(DEVIATION, Tensor.filled(1, 3, spec.coefficients(), 1), false);
        ops.graph().scope("standardise");
        return ops.div(ops.sub(features, mean), deviation);
    }
}
