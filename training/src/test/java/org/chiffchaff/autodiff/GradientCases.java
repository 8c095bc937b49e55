package org.chiffchaff.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** The cases of {@link GradientRulesTest}, one file per family; each operator of the table has at least one. */
final class GradientCases {
    static final Shape MATRIX = Shape.of(3, 4);

    /** Three rows in a batch known only when the graph runs. */
    static final Shape BATCH = Shape.of(Shape.DYNAMIC, 4);

    private final List<GradientCase> cases = new ArrayList<>();

    static List<GradientCase> all() {
        GradientCases all = new GradientCases();
        ElementwiseCases.add(all);
        MatrixCases.add(all);
        ImageCases.add(all);
        PoolingCases.add(all);
        ReductionCases.add(all);
        ShapeCases.add(all);
        return List.copyOf(all.cases);
    }

    void add(
            String opType,
            String name,
            ElementType type,
            GradientCase.Range range,
            BiFunction<Ops, List<Value>, Value> build,
            Shape... shapes) {
        cases.add(new GradientCase(opType, name, type, range, List.of(shapes), build));
    }

    /** A node as a file could hold it, with the shape that ONNX says its output has. */
    static BiFunction<Ops, List<Value>, Value> node(String opType, Map<String, Attribute> attributes, Shape result) {
        return (op, x) -> op.node(
                        "", opType, x, attributes, Ops.result(x.getFirst().type(), result))
                .getFirst();
    }

    static Attribute ints(Long... values) {
        return Attribute.of(List.of(values));
    }
}
