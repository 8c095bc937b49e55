package org.chiffchaff.autodiff;

import static org.chiffchaff.autodiff.GradientCase.Range.ANY;
import static org.chiffchaff.autodiff.GradientCase.Range.DISTINCT;
import static org.chiffchaff.autodiff.GradientCase.Range.OFF_ZERO;
import static org.chiffchaff.autodiff.GradientCase.Range.POSITIVE;
import static org.chiffchaff.onnx.ElementType.DOUBLE;
import static org.chiffchaff.onnx.ElementType.FLOAT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/** The cases of {@link GradientRulesTest}; each operator of the table has at least one. */
final class GradientCases {
    private static final Shape MATRIX = Shape.of(3, 4);
    private static final Shape IMAGE = Shape.of(2, 3, 6, 5);

    private final List<GradientCase> cases = new ArrayList<>();

    static List<GradientCase> all() {
        GradientCases all = new GradientCases();
        all.elementwise();
        all.matrices();
        all.images();
        all.reductions();
        all.shapes();
        return List.copyOf(all.cases);
    }

    private void elementwise() {
        add("Identity", "", DOUBLE, ANY, (op, x) -> op.identity(x.get(0)), MATRIX);
        add("Neg", "", DOUBLE, ANY, (op, x) -> op.neg(x.get(0)), MATRIX);
        add("Add", "", DOUBLE, ANY, (op, x) -> op.add(x.get(0), x.get(1)), MATRIX, MATRIX);
        add("Add", "row broadcast", DOUBLE, ANY, (op, x) -> op.add(x.get(0), x.get(1)), MATRIX, Shape.of(4));
        add("Add", "the same value twice", DOUBLE, ANY, (op, x) -> op.add(x.get(0), x.get(0)), MATRIX);
        add("Sub", "column broadcast", DOUBLE, ANY, (op, x) -> op.sub(x.get(0), x.get(1)), Shape.of(3, 1), MATRIX);
        add("Mul", "", DOUBLE, ANY, (op, x) -> op.mul(x.get(0), x.get(1)), MATRIX, MATRIX);
        add("Mul", "scalar broadcast", DOUBLE, ANY, (op, x) -> op.mul(x.get(0), x.get(1)), Shape.SCALAR, MATRIX);
        add("Div", "", DOUBLE, OFF_ZERO, (op, x) -> op.div(x.get(0), x.get(1)), MATRIX, MATRIX);
        add("Div", "broadcast", DOUBLE, OFF_ZERO, (op, x) -> op.div(x.get(0), x.get(1)), MATRIX, Shape.of(3, 1));
        add("Pow", "", DOUBLE, POSITIVE, (op, x) -> op.pow(x.get(0), x.get(1)), MATRIX, MATRIX);
        add("Max", "", DOUBLE, ANY, (op, x) -> op.max(x.get(0), x.get(1)), MATRIX, MATRIX);
        add("Max", "broadcast", DOUBLE, ANY, (op, x) -> op.max(x.get(0), x.get(1)), MATRIX, Shape.SCALAR);
        add("Where", "", DOUBLE, ANY, (op, x) -> op.where(half(op), x.get(0), x.get(1)), MATRIX, MATRIX);
        add("Exp", "", DOUBLE, ANY, (op, x) -> op.exp(x.get(0)), MATRIX);
        add("Log", "", DOUBLE, POSITIVE, (op, x) -> op.log(x.get(0)), MATRIX);
        add("Sqrt", "", DOUBLE, POSITIVE, (op, x) -> op.sqrt(x.get(0)), MATRIX);
        add("Abs", "", DOUBLE, OFF_ZERO, (op, x) -> op.abs(x.get(0)), MATRIX);
        add("Sigmoid", "", DOUBLE, ANY, (op, x) -> op.sigmoid(x.get(0)), MATRIX);
        add("Tanh", "", DOUBLE, ANY, (op, x) -> op.tanh(x.get(0)), MATRIX);
        add("Relu", "", FLOAT, OFF_ZERO, (op, x) -> op.relu(x.get(0)), MATRIX);
        add("Dropout", "at inference", FLOAT, ANY, (op, x) -> op.dropout(x.get(0), 0.5f), MATRIX);
        add("Cast", "", FLOAT, ANY, (op, x) -> op.cast(op.cast(x.get(0), DOUBLE), FLOAT), MATRIX);
    }

    private static Value half(Ops op) {
        double[] sides = {1, -1, 1, -1};
        return op.greater(op.constant(Tensor.of(sides, 4)), op.constant(Tensor.of(new double[] {0})));
    }

    private void matrices() {
        BiFunction<Ops, List<Value>, Value> product = (op, x) -> op.matmul(x.get(0), x.get(1));
        add("MatMul", "", FLOAT, ANY, product, MATRIX, Shape.of(4, 5));
        add("MatMul", "batch by matrix", FLOAT, ANY, product, Shape.of(2, 3, 4), Shape.of(4, 5));
        add("MatMul", "batch by batch", FLOAT, ANY, product, Shape.of(2, 3, 4), Shape.of(2, 4, 5));
        add("MatMul", "matrix by batch", FLOAT, ANY, product, Shape.of(3, 4), Shape.of(2, 4, 5));
        BiFunction<Ops, List<Value>, Value> linear = (op, x) -> op.linear(x.get(0), x.get(1), x.get(2));
        add("Gemm", "linear layer", FLOAT, ANY, linear, MATRIX, Shape.of(5, 4), Shape.of(5));
        add("Gemm", "plain product", FLOAT, ANY, GradientCases::plainGemm, MATRIX, Shape.of(4, 5));
        add(
                "Gemm",
                "plain product plus matrix",
                FLOAT,
                ANY,
                GradientCases::plainGemm,
                MATRIX,
                Shape.of(4, 5),
                Shape.of(3, 1));
    }

    private static Value plainGemm(Ops op, List<Value> x) {
        return op.node("", "Gemm", x, Map.of(), Ops.result(FLOAT, Shape.of(3, 5)))
                .getFirst();
    }

    private void images() {
        BiFunction<Ops, List<Value>, Value> padded = (op, x) -> op.conv(x.get(0), x.get(1), x.get(2), 1, 1);
        add("Conv", "3x3, pad 1, bias", FLOAT, ANY, padded, IMAGE, Shape.of(4, 3, 3, 3), Shape.of(4));
        BiFunction<Ops, List<Value>, Value> bare = (op, x) -> op.conv(x.get(0), x.get(1), Value.NONE, 0, 2);
        add("Conv", "2x5, pads 0 and 2, no bias", FLOAT, ANY, bare, IMAGE, Shape.of(4, 3, 2, 5));
        BiFunction<Ops, List<Value>, Value> wide = (op, x) -> op.conv(x.get(0), x.get(1), Value.NONE, 1, 2);
        add("Conv", "1x2, pads wider than the kernel", FLOAT, ANY, wide, IMAGE, Shape.of(4, 3, 1, 2));
        add(
                "Conv",
                "strides, groups",
                FLOAT,
                ANY,
                GradientCases::stridedConv,
                Shape.of(2, 4, 6, 5),
                Shape.of(6, 2, 3, 3));
        add("MaxPool", "", FLOAT, DISTINCT, (op, x) -> op.maxPool(x.get(0), 2), Shape.of(2, 3, 6, 4));
        add("MaxPool", "with a rest", FLOAT, DISTINCT, (op, x) -> op.maxPool(x.get(0), 2), Shape.of(2, 2, 5, 7));
        add("MaxPool", "of 3", FLOAT, DISTINCT, (op, x) -> op.maxPool(x.get(0), 3), Shape.of(1, 2, 6, 9));
        add("GlobalAveragePool", "", FLOAT, ANY, (op, x) -> op.globalAveragePool(x.get(0)), IMAGE);
        Shape channels = Shape.of(3);
        add("BatchNormInternal", "", FLOAT, ANY, GradientCases::batchNormInternal, IMAGE, channels, channels);
        add("BatchNormalization", "", FLOAT, ANY, GradientCases::batchNormalization, IMAGE, channels, channels);
    }

    private static Value stridedConv(Ops op, List<Value> x) {
        Map<String, Attribute> attributes = Map.of(
                "kernel_shape", Attribute.of(List.of(3L, 3L)),
                "strides", Attribute.of(List.of(2L, 2L)),
                "pads", Attribute.of(List.of(1L, 1L, 1L, 1L)),
                "group", Attribute.of(2));
        return op.node("", "Conv", x, attributes, Ops.result(FLOAT, Shape.of(2, 6, 3, 3)))
                .getFirst();
    }

    private static Value batchNormInternal(Ops op, List<Value> x) {
        Map<String, Attribute> attributes = Map.of(
                "epsilon", Attribute.of(1e-5f), "momentum", Attribute.of(0.9f), "training_mode", Attribute.of(1));
        Value mean = op.graph().input("mean", FLOAT, Shape.of(3));
        Value variance = op.graph().input("variance", FLOAT, Shape.of(3));
        var image = Ops.like(x.get(0));
        var channel = Ops.like(mean);
        return op.microsoft(
                        "BatchNormInternal",
                        List.of(x.get(0), x.get(1), x.get(2), mean, variance),
                        attributes,
                        image,
                        channel,
                        channel,
                        channel,
                        channel)
                .getFirst();
    }

    private static Value batchNormalization(Ops op, List<Value> x) {
        Value mean = op.constant(Tensor.of(new float[] {0.1f, -0.2f, 0.3f}, 3));
        Value variance = op.constant(Tensor.of(new float[] {0.5f, 1, 2}, 3));
        return op.batchNormalization(x.get(0), x.get(1), x.get(2), mean, variance, 1e-5f, 0.9f);
    }

    private void reductions() {
        add("ReduceSum", "kept", DOUBLE, ANY, (op, x) -> op.reduceSum(x.get(0), true, 1), MATRIX);
        add("ReduceSum", "dropped", DOUBLE, ANY, (op, x) -> op.reduceSum(x.get(0), false, 0, 2), Shape.of(2, 3, 4));
        add("ReduceMean", "kept", DOUBLE, ANY, (op, x) -> op.reduceMean(x.get(0), true, -1), MATRIX);
        add("ReduceMean", "dropped", DOUBLE, ANY, (op, x) -> op.reduceMean(x.get(0), false, 0), MATRIX);
        add("ReduceMax", "kept", DOUBLE, DISTINCT, (op, x) -> op.reduceMax(x.get(0), true, 1), MATRIX);
        add("ReduceMax", "dropped", DOUBLE, DISTINCT, (op, x) -> op.reduceMax(x.get(0), false, 0, 1), MATRIX);
        add("Softmax", "", DOUBLE, ANY, (op, x) -> op.softmax(x.get(0), 1), MATRIX);
        add("LogSoftmax", "", DOUBLE, ANY, (op, x) -> op.logSoftmax(x.get(0), 1), MATRIX);
    }

    private void shapes() {
        add("Reshape", "", DOUBLE, ANY, (op, x) -> op.reshape(x.get(0), Shape.of(2, 6)), MATRIX);
        add("Squeeze", "", DOUBLE, ANY, (op, x) -> op.squeeze(x.get(0), 1), Shape.of(3, 1, 4));
        add("Unsqueeze", "", DOUBLE, ANY, (op, x) -> op.unsqueeze(x.get(0), 1), MATRIX);
        add("Flatten", "", DOUBLE, ANY, (op, x) -> op.flatten(x.get(0)), Shape.of(2, 3, 4));
        add("Transpose", "", DOUBLE, ANY, (op, x) -> op.transpose(x.get(0), 1, 2, 0), Shape.of(2, 3, 4));
        add("Concat", "", DOUBLE, ANY, (op, x) -> op.concat(1, x), MATRIX, Shape.of(3, 2), Shape.of(3, 1));
        add("Slice", "", DOUBLE, ANY, (op, x) -> op.slice(x.get(0), 1, 1, 3, 1), MATRIX);
        add("Slice", "reversed", DOUBLE, ANY, (op, x) -> op.reverse(x.get(0), 1), MATRIX);
        add("Pad", "", DOUBLE, ANY, (op, x) -> op.pad(x.get(0), new long[] {1, 0}, new long[] {2, 3}), MATRIX);
        add("Expand", "", DOUBLE, ANY, (op, x) -> op.expandLike(x.get(0), x.get(1)), Shape.of(3, 1), MATRIX);
        add("Gather", "", FLOAT, ANY, (op, x) -> op.gather(x.get(0), op.longs(2, 0, 2, 1), 0), MATRIX);
    }

    private void add(
            String opType,
            String name,
            ElementType type,
            GradientCase.Range range,
            BiFunction<Ops, List<Value>, Value> build,
            Shape... shapes) {
        cases.add(new GradientCase(opType, name, type, range, List.of(shapes), build));
    }
}
