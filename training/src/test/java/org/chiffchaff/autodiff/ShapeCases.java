package org.chiffchaff.autodiff;

import static org.chiffchaff.autodiff.GradientCase.Range.ANY;
import static org.chiffchaff.autodiff.GradientCases.BATCH;
import static org.chiffchaff.autodiff.GradientCases.MATRIX;
import static org.chiffchaff.autodiff.GradientCases.node;
import static org.chiffchaff.onnx.ElementType.DOUBLE;
import static org.chiffchaff.onnx.ElementType.FLOAT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/** Operators that move elements and leave them as they are. */
final class ShapeCases {
    private static final Shape CUBE = Shape.of(2, 3, 4);
    private static final Shape CUBES = Shape.of(Shape.DYNAMIC, 3, 4);
    private static final long END = Long.MAX_VALUE;
    private static final long BEGINNING = Long.MIN_VALUE;

    private ShapeCases() {}

    static void add(GradientCases to) {
        reshaping(to);
        joining(to);
        slices(to);
        pads(to);
        repeating(to);
    }

    private static void reshaping(GradientCases to) {
        to.add("Reshape", "", DOUBLE, ANY, (op, x) -> op.reshape(x.get(0), Shape.of(2, 6)), MATRIX);
        to.add("Reshape", "any batch", DOUBLE, ANY, (op, x) -> op.reshape(x.get(0), Shape.of(-1, 2, 6)), CUBES);
        to.add("Reshape", "batch into rows", DOUBLE, ANY, (op, x) -> op.reshape(x.get(0), Shape.of(-1, 4)), CUBES);
        BiFunction<Ops, List<Value>, Value> kept = (op, x) -> with(op, "Reshape", x.get(0), Shape.of(2, 12), 0, -1);
        to.add("Reshape", "0 keeps a size", DOUBLE, ANY, kept, CUBE);
        BiFunction<Ops, List<Value>, Value> told = (op, x) -> op.node(
                        "",
                        "Reshape",
                        List.of(x.get(0), op.longs(6, 4)),
                        Map.of("allowzero", Attribute.of(1)),
                        Ops.result(DOUBLE, Shape.of(6, 4)))
                .getFirst();
        to.add("Reshape", "0 would be a size", DOUBLE, ANY, told, CUBE);
        to.add("Squeeze", "", DOUBLE, ANY, (op, x) -> op.squeeze(x.get(0), 1), Shape.of(3, 1, 4));
        to.add("Squeeze", "negative axis", DOUBLE, ANY, (op, x) -> op.squeeze(x.get(0), -2), Shape.of(-1, 1, 4));
        to.add("Squeeze", "every 1", DOUBLE, ANY, node("Squeeze", Map.of(), Shape.of(3)), Shape.of(3, 1, 1));
        to.add("Unsqueeze", "", DOUBLE, ANY, (op, x) -> op.unsqueeze(x.get(0), 1), BATCH);
        to.add("Unsqueeze", "negative axis", DOUBLE, ANY, (op, x) -> op.unsqueeze(x.get(0), -1), BATCH);
        to.add("Flatten", "", DOUBLE, ANY, (op, x) -> op.flatten(x.get(0)), CUBES);
        Map<String, Attribute> second = Map.of("axis", Attribute.of(2));
        to.add("Flatten", "from another axis", DOUBLE, ANY, node("Flatten", second, Shape.of(6, 4)), CUBE);
        to.add("Transpose", "", DOUBLE, ANY, (op, x) -> op.transpose(x.get(0), 1, 2, 0), CUBES);
        to.add("Transpose", "back to front", DOUBLE, ANY, node("Transpose", Map.of(), Shape.of(4, 3, 2)), CUBE);
    }

    // With one list of whole numbers as the second input.
    private static Value with(Ops op, String opType, Value x, Shape result, long... numbers) {
        return op.node("", opType, List.of(x, op.longs(numbers)), Map.of(), Ops.result(x.type(), result))
                .getFirst();
    }

    private static void joining(GradientCases to) {
        to.add("Concat", "", DOUBLE, ANY, (op, x) -> op.concat(1, x), MATRIX, Shape.of(3, 2), Shape.of(3, 1));
        to.add("Concat", "negative axis", DOUBLE, ANY, (op, x) -> op.concat(-1, x), BATCH, Shape.of(-1, 2));
        to.add("Concat", "one value twice", DOUBLE, ANY, (op, x) -> op.concat(0, List.of(x.get(0), x.get(0))), MATRIX);
    }

    private static void slices(GradientCases to) {
        to.add("Slice", "", DOUBLE, ANY, (op, x) -> op.slice(x.get(0), 1, 1, 3, 1), BATCH);
        to.add("Slice", "reversed", DOUBLE, ANY, (op, x) -> op.reverse(x.get(0), 1), BATCH);
        to.add("Slice", "from the end", DOUBLE, ANY, (op, x) -> op.slice(x.get(0), 1, -3, -1, 1), BATCH);
        to.add("Slice", "beyond the end", DOUBLE, ANY, (op, x) -> op.slice(x.get(0), -1, 2, 100, 1), BATCH);
        to.add("Slice", "every second", DOUBLE, ANY, (op, x) -> op.slice(x.get(0), 1, 1, END, 2), Shape.of(-1, 7));
        to.add(
                "Slice",
                "a step back",
                DOUBLE,
                ANY,
                (op, x) -> op.slice(x.get(0), 1, -2, BEGINNING, -2),
                Shape.of(2, 7));
        to.add("Slice", "two axes", DOUBLE, ANY, twoAxes(Shape.of(2, 2, 2), new long[] {1, -1}), CUBE);
        to.add("Slice", "two axes, any batch", DOUBLE, ANY, twoAxes(Shape.of(-1, 2, 2), new long[] {-2, 2}), CUBES);
        BiFunction<Ops, List<Value>, Value> bare = (op, x) -> op.node(
                        "",
                        "Slice",
                        List.of(x.get(0), op.longs(1, -3), op.longs(3, -1)),
                        Map.of(),
                        Ops.result(DOUBLE, Shape.of(2, 2)))
                .getFirst();
        to.add("Slice", "axes and steps left out", DOUBLE, ANY, bare, MATRIX);
        BiFunction<Ops, List<Value>, Value> examples = (op, x) -> op.node(
                        "",
                        "Slice",
                        List.of(x.get(0), op.longs(-3), op.longs(END), op.longs(0), op.longs(2)),
                        Map.of(),
                        Ops.result(DOUBLE, BATCH))
                .getFirst();
        to.add("Slice", "every second example", DOUBLE, ANY, examples, BATCH);
    }

    // Rows 0 and 1 or 2 and 1, columns 3 and 1.
    private static BiFunction<Ops, List<Value>, Value> twoAxes(Shape result, long[] axes) {
        return (op, x) -> op.node(
                        "",
                        "Slice",
                        List.of(x.get(0), op.longs(-2, -1), op.longs(END, 0), op.longs(axes), op.longs(1, -2)),
                        Map.of(),
                        Ops.result(DOUBLE, result))
                .getFirst();
    }

    private static void pads(GradientCases to) {
        to.add("Pad", "", DOUBLE, ANY, (op, x) -> op.pad(x.get(0), new long[] {1, 0}, new long[] {2, 3}), MATRIX);
        long[] none = {0, 0};
        to.add("Pad", "any batch", DOUBLE, ANY, (op, x) -> op.pad(x.get(0), new long[] {0, 2}, none), BATCH);
        to.add(
                "Pad",
                "negative",
                DOUBLE,
                ANY,
                (op, x) -> op.pad(x.get(0), new long[] {-1, 2}, new long[] {1, -1}),
                MATRIX);
        to.add(
                "Pad",
                "cropped, any batch",
                DOUBLE,
                ANY,
                (op, x) -> op.pad(x.get(0), new long[] {0, -1}, new long[] {0, -1}),
                BATCH);
        to.add("Pad", "with a value", DOUBLE, ANY, padded("constant", List.of(0L, 1L, 0L, 2L), 7), MATRIX);
        to.add("Pad", "reflect", DOUBLE, ANY, padded("reflect", List.of(2L, 3L, 1L, 2L)), MATRIX);
        to.add("Pad", "reflect, before only", DOUBLE, ANY, padded("reflect", List.of(0L, 1L, 0L, 0L)), BATCH);
        to.add("Pad", "edge", DOUBLE, ANY, padded("edge", List.of(2L, 1L, 0L, 3L)), MATRIX);
        to.add("Pad", "edge, after only", DOUBLE, ANY, padded("edge", List.of(0L, 0L, 0L, 5L)), BATCH);
    }

    private static BiFunction<Ops, List<Value>, Value> padded(String mode, List<Long> pads, double... value) {
        return (op, x) -> {
            List<Value> inputs = new ArrayList<>(List.of(
                    x.get(0), op.longs(pads.stream().mapToLong(Long::longValue).toArray())));
            if (value.length > 0) {
                inputs.add(op.constant(Tensor.of(value)));
            }
            Shape shape = x.get(0).shape();
            long rows = shape.dim(0) + pads.get(0) + pads.get(2);
            Shape result = Shape.of(rows, shape.dim(1) + pads.get(1) + pads.get(3));
            return op.node("", "Pad", inputs, Map.of("mode", Attribute.of(mode)), Ops.result(DOUBLE, result))
                    .getFirst();
        };
    }

    private static void repeating(GradientCases to) {
        Shape column = Shape.of(3, 1);
        to.add("Expand", "", DOUBLE, ANY, (op, x) -> op.expandLike(x.get(0), zeros(op, 12, 3, 4)), column);
        to.add("Expand", "new axes", DOUBLE, ANY, (op, x) -> op.expandLike(x.get(0), zeros(op, 24, 2, 3, 4)), column);
        to.add(
                "Expand",
                "any batch",
                DOUBLE,
                ANY,
                (op, x) -> op.expandLike(op.reduceSum(x.get(0), true, 0), x.get(0)),
                BATCH);
        BiFunction<Ops, List<Value>, Value> smaller = (op, x) -> with(op, "Expand", x.get(0), MATRIX, 1);
        to.add("Expand", "to a smaller shape", DOUBLE, ANY, smaller, MATRIX);
        to.add("Gather", "", FLOAT, ANY, (op, x) -> op.gather(x.get(0), op.longs(2, 0, 2, 1), 0), MATRIX);
        to.add("Gather", "from the end", FLOAT, ANY, (op, x) -> op.gather(x.get(0), op.longs(-1, 0, 2), 0), MATRIX);
    }

    private static Value zeros(Ops op, int count, long... dims) {
        return op.constant(Tensor.of(new double[count], dims));
    }
}
