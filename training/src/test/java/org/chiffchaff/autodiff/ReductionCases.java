package org.chiffchaff.autodiff;

import static org.chiffchaff.autodiff.GradientCase.Range.ANY;
import static org.chiffchaff.autodiff.GradientCase.Range.DISTINCT;
import static org.chiffchaff.autodiff.GradientCases.BATCH;
import static org.chiffchaff.autodiff.GradientCases.MATRIX;
import static org.chiffchaff.autodiff.GradientCases.ints;
import static org.chiffchaff.autodiff.GradientCases.node;
import static org.chiffchaff.onnx.ElementType.DOUBLE;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Operators that fold axes, and the softmaxes. */
final class ReductionCases {
    private static final Shape CUBE = Shape.of(2, 3, 4);
    private static final Map<String, Attribute> DROPPED = Map.of("keepdims", Attribute.of(0));

    private ReductionCases() {}

    static void add(GradientCases to) {
        sums(to);
        means(to);
        maxima(to);
        softmaxes(to);
    }

    private static void sums(GradientCases to) {
        to.add("ReduceSum", "kept", DOUBLE, ANY, (op, x) -> op.reduceSum(x.get(0), true, 1), BATCH);
        to.add("ReduceSum", "dropped", DOUBLE, ANY, (op, x) -> op.reduceSum(x.get(0), false, 0, 2), CUBE);
        to.add("ReduceSum", "over the batch", DOUBLE, ANY, (op, x) -> op.reduceSum(x.get(0), false, 0), BATCH);
        to.add("ReduceSum", "negative axes", DOUBLE, ANY, (op, x) -> sum(op, x.get(0), -1, -3), CUBE);
        to.add("ReduceSum", "no axes named", DOUBLE, ANY, (op, x) -> op.reduceSum(x.get(0), true), CUBE);
        to.add("ReduceSum", "no axes", DOUBLE, ANY, node("ReduceSum", DROPPED, Shape.SCALAR), BATCH);
        Map<String, Attribute> idle = Map.of("noop_with_empty_axes", Attribute.of(1));
        to.add("ReduceSum", "nothing to do", DOUBLE, ANY, node("ReduceSum", idle, CUBE), CUBE);
    }

    private static Value sum(Ops op, Value x, long... axes) {
        return op.node("", "ReduceSum", List.of(x, op.longs(axes)), DROPPED, Ops.result(DOUBLE, Shape.of(3)))
                .getFirst();
    }

    private static void means(GradientCases to) {
        to.add("ReduceMean", "kept", DOUBLE, ANY, (op, x) -> op.reduceMean(x.get(0), true, -1), BATCH);
        to.add("ReduceMean", "dropped", DOUBLE, ANY, (op, x) -> op.reduceMean(x.get(0), false, 0), MATRIX);
        to.add("ReduceMean", "over the batch", DOUBLE, ANY, (op, x) -> op.reduceMean(x.get(0), false, 0), BATCH);
        to.add("ReduceMean", "over all", DOUBLE, ANY, (op, x) -> op.reduceMean(x.get(0), true, 0, 1), BATCH);
        to.add("ReduceMean", "no axes", DOUBLE, ANY, node("ReduceMean", DROPPED, Shape.SCALAR), CUBE);
        to.add("ReduceMean", "no axes, any batch", DOUBLE, ANY, node("ReduceMean", Map.of(), Shape.of(1, 1)), BATCH);
        to.add("ReduceMean", "negative axes", DOUBLE, ANY, negative("ReduceMean"), CUBE);
    }

    private static BiFunction<Ops, List<Value>, Value> negative(String opType) {
        return node(opType, Map.of("axes", ints(-1L, -3L), "keepdims", Attribute.of(0)), Shape.of(3));
    }

    private static void maxima(GradientCases to) {
        to.add("ReduceMax", "kept", DOUBLE, DISTINCT, (op, x) -> op.reduceMax(x.get(0), true, 1), BATCH);
        to.add("ReduceMax", "dropped", DOUBLE, DISTINCT, (op, x) -> op.reduceMax(x.get(0), false, 0, 1), MATRIX);
        to.add("ReduceMax", "no axes", DOUBLE, DISTINCT, node("ReduceMax", DROPPED, Shape.SCALAR), BATCH);
        to.add("ReduceMax", "negative axes", DOUBLE, DISTINCT, negative("ReduceMax"), CUBE);
    }

    private static void softmaxes(GradientCases to) {
        to.add("Softmax", "", DOUBLE, ANY, (op, x) -> op.softmax(x.get(0), 1), BATCH);
        to.add("Softmax", "last axis by default", DOUBLE, ANY, node("Softmax", Map.of(), CUBE), CUBE);
        Map<String, Attribute> middle = Map.of("axis", Attribute.of(-2));
        to.add("Softmax", "negative axis", DOUBLE, ANY, node("Softmax", middle, CUBE), CUBE);
        to.add("LogSoftmax", "", DOUBLE, ANY, (op, x) -> op.logSoftmax(x.get(0), 1), BATCH);
        to.add("LogSoftmax", "last axis by default", DOUBLE, ANY, node("LogSoftmax", Map.of(), CUBE), CUBE);
        to.add("LogSoftmax", "negative axis", DOUBLE, ANY, node("LogSoftmax", middle, CUBE), CUBE);
    }
}
