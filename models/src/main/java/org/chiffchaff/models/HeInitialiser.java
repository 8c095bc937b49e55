package org.chiffchaff.models;

import java.util.SplittableRandom;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;

/**
 * First weights after He et al. 2015 (arXiv 1502.01852): variance 2 / inputs, here from a uniform distribution, whose
 * arithmetic is exact and the same on every machine. Each parameter draws from a stream of its own, so that adding a
 * layer leaves the others as they were.
 */
final class HeInitialiser {
    private final long seed;

    HeInitialiser(long seed) {
        this.seed = seed;
    }

    /** A weight whose first axis counts its outputs. */
    Tensor weight(String name, long... dims) {
        int inputs = 1;
        for (int axis = 1; axis < dims.length; axis++) {
            inputs *= Math.toIntExact(dims[axis]);
        }
        double bound = Math.sqrt(6.0 / inputs);
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        float[] values = new float[Math.toIntExact(Shape.of(dims).elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((random.nextDouble() * 2 - 1) * bound);
        }
        return Tensor.of(values, dims);
    }
}
