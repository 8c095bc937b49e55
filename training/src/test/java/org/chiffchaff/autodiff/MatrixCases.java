package org.chiffchaff.autodiff;

import static org.chiffchaff.autodiff.GradientCase.Range.ANY;
import static org.chiffchaff.autodiff.GradientCases.BATCH;
import static org.chiffchaff.autodiff.GradientCases.MATRIX;
import static org.chiffchaff.autodiff.GradientCases.node;
import static org.chiffchaff.onnx.ElementType.FLOAT;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Products of matrices. */
final class MatrixCases {
    private static final Shape OTHER = Shape.of(4, 5);

    private MatrixCases() {}

    static void add(GradientCases to) {
        products(to);
        layers(to);
    }

    private static void products(GradientCases to) {
        BiFunction<Ops, List<Value>, Value> product = (op, x) -> op.matmul(x.get(0), x.get(1));
        to.add("MatMul", "", FLOAT, ANY, product, BATCH, OTHER);
        to.add("MatMul", "batch by matrix", FLOAT, ANY, product, Shape.of(Shape.DYNAMIC, 3, 4), OTHER);
        to.add("MatMul", "batch by batch", FLOAT, ANY, product, Shape.of(2, 3, 4), Shape.of(2, 4, 5));
        to.add("MatMul", "matrix by batch", FLOAT, ANY, product, MATRIX, Shape.of(Shape.DYNAMIC, 4, 5));
        to.add("MatMul", "batches broadcast", FLOAT, ANY, product, Shape.of(2, 1, 3, 4), Shape.of(3, 4, 5));
    }

    private static void layers(GradientCases to) {
        BiFunction<Ops, List<Value>, Value> linear = (op, x) -> op.linear(x.get(0), x.get(1), x.get(2));
        to.add("Gemm", "linear layer", FLOAT, ANY, linear, BATCH, Shape.of(5, 4), Shape.of(5));
        BiFunction<Ops, List<Value>, Value> plain = node("Gemm", Map.of(), Shape.of(3, 5));
        to.add("Gemm", "plain product", FLOAT, ANY, plain, MATRIX, OTHER);
        to.add("Gemm", "plain product plus column", FLOAT, ANY, plain, MATRIX, OTHER, Shape.of(3, 1));
        to.add("Gemm", "plain product plus number", FLOAT, ANY, plain, MATRIX, OTHER, Shape.of(1));
        Map<String, Attribute> defaults = Map.of(
                "transA", Attribute.of(0),
                "transB", Attribute.of(0),
                "alpha", Attribute.of(1f),
                "beta", Attribute.of(1f));
        to.add("Gemm", "defaults written out", FLOAT, ANY, node("Gemm", defaults, Shape.of(3, 5)), MATRIX, OTHER);
    }
}
