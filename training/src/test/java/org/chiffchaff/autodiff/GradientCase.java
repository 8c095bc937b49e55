package org.chiffchaff.autodiff;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * One use of an operator, to be checked.
 *
 * @param opType the operator under test, by its name in the table
 * @param type double where ONNX Runtime has the kernels, else float
 * @param range inputs are drawn from, and kept off the operator's kinks by
 * @param shapes of the inputs; one whose first size is dynamic is checked with several batches
 * @param build applies the operator to the inputs
 */
record GradientCase(
        String opType,
        String name,
        ElementType type,
        Range range,
        List<Shape> shapes,
        BiFunction<Ops, List<Value>, Value> build) {
    /** How the numbers of an input are drawn. */
    enum Range {
        /** Anywhere in [-1, 1]. */
        ANY,
        /** In [0.5, 1.5]. */
        POSITIVE,
        /** In [-1, 1] without the neighbourhood of zero. */
        OFF_ZERO,
        /** In [-1, 1], every third exactly zero. */
        WITH_ZEROS,
        /** A shuffle of numbers a tenth apart: no two near each other. */
        DISTINCT;

        double[] draw(int count, SplittableRandom random) {
            if (this == DISTINCT) {
                int[] order = IntStream.range(0, count).toArray();
                for (int i = count - 1; i > 0; i--) {
                    int j = random.nextInt(i + 1);
                    int kept = order[i];
                    order[i] = order[j];
                    order[j] = kept;
                }
                return IntStream.of(order)
                        .mapToDouble(place -> 0.1 * place - 0.05 * count)
                        .toArray();
            }
            return IntStream.range(0, count).mapToDouble(i -> one(i, random)).toArray();
        }

        private double one(int place, SplittableRandom random) {
            double any = random.nextDouble() * 2 - 1;
            return switch (this) {
                case ANY, DISTINCT -> any;
                case POSITIVE -> 1 + any / 2;
                case OFF_ZERO -> any + Math.copySign(0.2, any);
                case WITH_ZEROS -> place % 3 == 0 ? 0 : any;
            };
        }
    }

    /** The sizes of the batch to check with: one that broadcasts and one that does not, where it is dynamic. */
    List<Long> batches() {
        return shapes.stream().anyMatch(Shape::dynamic) ? List.of(1L, 3L) : List.of(0L);
    }

    Tensor tensor(double[] values, Shape shape) {
        if (type == ElementType.DOUBLE) {
            return Tensor.of(values, shape.toArray());
        }
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return Tensor.of(narrow, shape.toArray());
    }

    @Override
    public String toString() {
        return name.isEmpty() ? opType : opType + ": " + name;
    }
}
