package org.chiffchaff.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Operators that fold axes, and the softmaxes, whose gradients do. */
final class ReductionRules {
    private ReductionRules() {}

    static void add(GradientRules.Table table) {
        table.rule("ReduceSum", ReductionRules::sum, "keepdims", "noop_with_empty_axes")
                .rule("ReduceMean", ReductionRules::mean, "axes", "keepdims")
                .rule("ReduceMax", ReductionRules::max, "axes", "keepdims")
                .rule("Softmax", ReductionRules::softmax, "axis")
                .rule("LogSoftmax", ReductionRules::logSoftmax, "axis");
    }

    private static List<Value> sum(Ops op, Forward n) {
        long[] axes = n.x(1).present() ? op.graph().constantOf(n.x(1)).longs() : new long[0];
        if (axes.length == 0 && n.node().integer("noop_with_empty_axes", 0) == 1) {
            return n.first(n.dy());
        }
        return n.first(spread(op, n, n.dy(), axes(n, axes)));
    }

    private static int[] attributeAxes(Forward n) {
        return axes(
                n,
                n.node().ints("axes", List.of()).stream()
                        .mapToLong(Long::longValue)
                        .toArray());
    }

    // As numbers from 0, in their order; none named are all.
    private static int[] axes(Forward n, long... named) {
        return named.length == 0
                ? IntStream.range(0, n.shape(0).rank()).toArray()
                : Arrays.stream(named)
                        .mapToInt(axis -> n.shape(0).axis(Math.toIntExact(axis)))
                        .sorted()
                        .toArray();
    }

    private static List<Value> mean(Ops op, Forward n) {
        int[] axes = attributeAxes(n);
        Value dy = spread(op, n, n.dy(), axes);
        long known = elements(n.shape(0), axes);
        if (known != Shape.DYNAMIC) {
            return List.of(op.mul(dy, op.scalarLike(dy, 1.0 / known)));
        }
        return List.of(op.div(dy, count(op, n, axes)));
    }

    /** The number of elements along some axes, {@link Shape#DYNAMIC} where it is known only when the graph runs. */
    static long elements(Shape shape, int... axes) {
        long elements = 1;
        for (int axis : axes) {
            if (shape.dim(axis) == Shape.DYNAMIC) {
                return Shape.DYNAMIC;
            }
            elements *= shape.dim(axis);
        }
        return elements;
    }

    /** The number of elements along some axes when the graph runs: what the sum of ones says. */
    static Value count(Ops op, Forward n, int... axes) {
        return op.reduceSum(op.expandLike(op.scalarLike(n.dy(), 1), n.x(0)), true, axes);
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
            for (int axis : axes) {
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
