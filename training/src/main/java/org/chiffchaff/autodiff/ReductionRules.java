package org.chiffchaff.autodiff;

import java.util.Arrays;
import java.util.List;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Operators that fold axes, and the softmaxes, whose gradients do. */
final class ReductionRules {
    private ReductionRules() {}

    static void add(GradientRules.Table table) {
        table.rule("ReduceSum", (op, n) -> List.of(spread(op, n, n.dy(), sumAxes(op, n)), Value.NONE))
                .rule("ReduceMean", ReductionRules::mean)
                .rule("ReduceMax", ReductionRules::max)
                .rule("Softmax", ReductionRules::softmax)
                .rule("LogSoftmax", ReductionRules::logSoftmax);
    }

    private static int[] sumAxes(Ops op, Forward n) {
        return Arrays.stream(op.graph().constantOf(n.x(1)).longs())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static int[] attributeAxes(Forward n) {
        return n.node().ints("axes", List.of()).stream()
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    // The number of elements may be known only when the graph runs: how many there are is what the sum of ones says.
    private static List<Value> mean(Ops op, Forward n) {
        int[] axes = attributeAxes(n);
        Value dy = spread(op, n, n.dy(), axes);
        long known = Arrays.stream(axes)
                .mapToLong(n.shape(0)::dim)
                .reduce(1, (a, b) -> a == Shape.DYNAMIC || b == Shape.DYNAMIC ? Shape.DYNAMIC : a * b);
        if (known != Shape.DYNAMIC) {
            return List.of(op.mul(dy, op.scalarLike(dy, 1.0 / known)));
        }
        return List.of(op.div(dy, op.reduceSum(op.expandLike(op.scalarLike(dy, 1), n.x(0)), true, axes)));
    }

    // The greatest takes the gradient; equal ones share it.
    private static List<Value> max(Ops op, Forward n) {
        int[] axes = attributeAxes(n);
        Value isMaximum = op.cast(op.equal(n.x(0), spread(op, n, n.y(), axes)), n.x(0).type());
        Value share = op.div(isMaximum, op.reduceSum(isMaximum, true, axes));
        return List.of(op.mul(spread(op, n, n.dy(), axes), share));
    }

    // Repeats a reduced value over the axes that were folded.
    private static Value spread(Ops op, Forward n, Value reduced, int... axes) {
        Value kept = reduced;
        if (n.node().integer("keepdims", 1) == 0) {
            for (int axis : Arrays.stream(axes).map(n.shape(0)::axis).sorted().toArray()) {
                kept = op.unsqueeze(kept, axis);
            }
        }
        return op.expandLike(kept, n.x(0));
    }

    // y_i = exp(x_i) / sum: dx = y (dy - sum(dy y))
    private static List<Value> softmax(Ops op, Forward n) {
        int axis = (int) n.node().integer("axis", -1);
        Value weighted = op.mul(n.dy(), n.y());
        return List.of(op.sub(weighted, op.mul(n.y(), op.reduceSum(weighted, true, axis))));
    }

    // dx = dy - softmax(x) sum(dy)
    private static List<Value> logSoftmax(Ops op, Forward n) {
        int axis = (int) n.node().integer("axis", -1);
        return List.of(op.sub(n.dy(), op.mul(op.exp(n.y()), op.reduceSum(n.dy(), true, axis))));
    }
}
