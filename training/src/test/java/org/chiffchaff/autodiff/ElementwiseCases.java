package org.chiffchaff.autodiff;

import static org.chiffchaff.autodiff.GradientCase.Range.ANY;
import static org.chiffchaff.autodiff.GradientCase.Range.OFF_ZERO;
import static org.chiffchaff.autodiff.GradientCase.Range.POSITIVE;
import static org.chiffchaff.autodiff.GradientCase.Range.WITH_ZEROS;
import static org.chiffchaff.autodiff.GradientCases.BATCH;
import static org.chiffchaff.autodiff.GradientCases.MATRIX;
import static org.chiffchaff.onnx.ElementType.DOUBLE;
import static org.chiffchaff.onnx.ElementType.FLOAT;
import static org.chiffchaff.onnx.ElementType.INT64;

import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/** Operators that treat each element alone. */
final class ElementwiseCases {
    private static final Shape ROW = Shape.of(4);

    private ElementwiseCases() {}

    static void add(GradientCases to) {
        unary(to);
        binary(to);
        broadcasting(to);
        powers(to);
    }

    private static void unary(GradientCases to) {
        to.add("Identity", "", DOUBLE, ANY, (op, x) -> op.identity(x.get(0)), MATRIX);
        to.add("Neg", "", DOUBLE, ANY, (op, x) -> op.neg(x.get(0)), MATRIX);
        to.add("Exp", "", DOUBLE, ANY, (op, x) -> op.exp(x.get(0)), MATRIX);
        to.add("Log", "", DOUBLE, POSITIVE, (op, x) -> op.log(x.get(0)), MATRIX);
        to.add("Sqrt", "", DOUBLE, POSITIVE, (op, x) -> op.sqrt(x.get(0)), MATRIX);
        to.add("Abs", "", DOUBLE, OFF_ZERO, (op, x) -> op.abs(x.get(0)), MATRIX);
        to.add("Sigmoid", "", DOUBLE, ANY, (op, x) -> op.sigmoid(x.get(0)), MATRIX);
        to.add("Tanh", "", DOUBLE, ANY, (op, x) -> op.tanh(x.get(0)), BATCH);
        to.add("Relu", "", FLOAT, OFF_ZERO, (op, x) -> op.relu(x.get(0)), BATCH);
        to.add("Dropout", "at inference", FLOAT, ANY, (op, x) -> op.dropout(x.get(0), 0.5f), MATRIX);
        to.add("Dropout", "told not to train", FLOAT, ANY, ElementwiseCases::idleDropout, MATRIX);
        to.add("Cast", "", FLOAT, ANY, (op, x) -> op.cast(op.cast(x.get(0), DOUBLE), FLOAT), MATRIX);
        to.add("Cast", "beside whole numbers", FLOAT, ANY, ElementwiseCases::besideRounded, MATRIX);
    }

    private static Value idleDropout(Ops op, List<Value> x) {
        List<Value> inputs = List.of(x.get(0), op.constant(Tensor.scalar(0.5f)), op.constant(Tensor.scalar(false)));
        return op.node("", "Dropout", inputs, Map.of("seed", Attribute.of(3)), Ops.like(x.get(0)))
                .getFirst();
    }

    // What is rounded moves in jumps only, and so has no part in the gradient.
    private static Value besideRounded(Ops op, List<Value> x) {
        Value rounded = op.cast(op.cast(x.get(0), INT64), FLOAT);
        return op.add(op.cast(op.cast(x.get(0), DOUBLE), FLOAT), rounded);
    }

    private static void binary(GradientCases to) {
        to.add("Add", "", DOUBLE, ANY, (op, x) -> op.add(x.get(0), x.get(1)), MATRIX, MATRIX);
        to.add("Add", "the same value twice", DOUBLE, ANY, (op, x) -> op.add(x.get(0), x.get(0)), MATRIX);
        to.add("Mul", "", DOUBLE, ANY, (op, x) -> op.mul(x.get(0), x.get(1)), MATRIX, MATRIX);
        to.add("Mul", "the same value twice", DOUBLE, ANY, (op, x) -> op.mul(x.get(0), x.get(0)), MATRIX);
        to.add("Div", "", DOUBLE, OFF_ZERO, (op, x) -> op.div(x.get(0), x.get(1)), MATRIX, MATRIX);
        to.add("Max", "", DOUBLE, ANY, (op, x) -> op.max(x.get(0), x.get(1)), MATRIX, MATRIX);
        to.add("Where", "", DOUBLE, ANY, (op, x) -> op.where(half(op), x.get(0), x.get(1)), MATRIX, MATRIX);
    }

    private static Value half(Ops op) {
        double[] sides = {1, -1, 1, -1};
        return op.greater(op.constant(Tensor.of(sides, 4)), op.constant(Tensor.of(new double[] {0})));
    }

    private static void broadcasting(GradientCases to) {
        Shape one = Shape.of(1);
        to.add("Add", "row", DOUBLE, ANY, (op, x) -> op.add(x.get(0), x.get(1)), BATCH, ROW);
        to.add("Add", "one against scalar", DOUBLE, ANY, (op, x) -> op.add(x.get(0), x.get(1)), one, Shape.SCALAR);
        to.add("Sub", "column", DOUBLE, ANY, (op, x) -> op.sub(x.get(0), x.get(1)), Shape.of(3, 1), MATRIX);
        to.add("Sub", "both ways", DOUBLE, ANY, (op, x) -> op.sub(x.get(0), x.get(1)), Shape.of(3, 1), ROW);
        to.add("Mul", "scalar", DOUBLE, ANY, (op, x) -> op.mul(x.get(0), x.get(1)), Shape.SCALAR, BATCH);
        to.add("Mul", "scalar against one", DOUBLE, ANY, (op, x) -> op.mul(x.get(0), x.get(1)), Shape.SCALAR, one);
        to.add(
                "Mul",
                "ones inside",
                DOUBLE,
                ANY,
                (op, x) -> op.mul(x.get(0), x.get(1)),
                Shape.of(2, 1, 4),
                Shape.of(3, 1));
        to.add("Div", "column", DOUBLE, OFF_ZERO, (op, x) -> op.div(x.get(0), x.get(1)), MATRIX, Shape.of(3, 1));
        to.add("Div", "one example", DOUBLE, OFF_ZERO, (op, x) -> op.div(x.get(0), x.get(1)), BATCH, Shape.of(1, 4));
        to.add("Max", "scalar", DOUBLE, ANY, (op, x) -> op.max(x.get(0), x.get(1)), BATCH, Shape.SCALAR);
        to.add("Where", "row and scalar", DOUBLE, ANY, (op, x) -> op.where(half(op), x.get(0), x.get(1)), one, BATCH);
    }

    private static void powers(GradientCases to) {
        to.add("Pow", "", DOUBLE, POSITIVE, (op, x) -> op.pow(x.get(0), x.get(1)), MATRIX, MATRIX);
        to.add("Pow", "whole exponents from 0", DOUBLE, ANY, (op, x) -> op.pow(x.get(0), exponents(op)), BATCH);
        to.add("Pow", "bases of 0", DOUBLE, WITH_ZEROS, (op, x) -> op.pow(x.get(0), exponents(op)), MATRIX);
        to.add("Pow", "exponent 0", DOUBLE, WITH_ZEROS, (op, x) -> op.pow(x.get(0), number(op, 0)), BATCH);
        to.add("Pow", "exponent 1", DOUBLE, WITH_ZEROS, (op, x) -> op.pow(x.get(0), number(op, 1)), BATCH);
        to.add("Pow", "exponents of bases from 0", DOUBLE, POSITIVE, (op, x) -> op.pow(bases(op), x.get(0)), MATRIX);
    }

    private static Value exponents(Ops op) {
        return op.constant(Tensor.of(new double[] {0, 1, 2, 3}, 4));
    }

    private static Value bases(Ops op) {
        return op.constant(Tensor.of(new double[] {0, 1, 2, 0.3}, 4));
    }

    private static Value number(Ops op, double value) {
        return op.constant(Tensor.of(new double[] {value}));
    }
}
