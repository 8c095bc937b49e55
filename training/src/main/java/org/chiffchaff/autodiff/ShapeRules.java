package org.chiffchaff.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Value;

/** Operators that move elements and leave them as they are. */
final class ShapeRules {
    private ShapeRules() {}

    static void add(GradientRules.Table table) {
        table.rule("Reshape", ShapeRules::backToShape)
                .rule("Squeeze", ShapeRules::backToShape)
                .rule("Unsqueeze", ShapeRules::backToShape)
                .rule("Flatten", ShapeRules::backToShape)
                .rule("Transpose", ShapeRules::transpose)
                .rule("Concat", ShapeRules::concat)
                .rule("Slice", ShapeRules::slice)
                .rule("Pad", ShapeRules::pad)
                // The engine sums a repeated gradient back to the input's shape.
                .rule("Expand", (op, n) -> List.of(n.dy(), Value.NONE))
                .rule("Gather", ShapeRules::gather)
                .rule("Cast", (op, n) -> List.of(op.cast(n.dy(), n.x(0).type())))
                .constant("Shape", "OneHot");
    }

    private static List<Value> backToShape(Ops op, Forward n) {
        List<Value> gradients =
                new ArrayList<>(Collections.nCopies(n.node().inputs().size(), Value.NONE));
        gradients.set(0, op.reshape(n.dy(), n.shape(0)));
        return gradients;
    }

    private static List<Value> transpose(Ops op, Forward n) {
        int[] permutation = n.node().ints("perm", List.of()).stream()
                .mapToInt(Math::toIntExact)
                .toArray();
        int[] inverse = new int[permutation.length];
        for (int axis = 0; axis < permutation.length; axis++) {
            inverse[permutation[axis]] = axis;
        }
        return List.of(op.transpose(n.dy(), inverse));
    }

    private static List<Value> concat(Ops op, Forward n) {
        int axis = (int) n.node().integer("axis", 0);
        List<Value> gradients = new ArrayList<>();
        long start = 0;
        for (Value part : n.node().inputs()) {
            long end = start + part.shape().dim(axis);
            gradients.add(op.slice(n.dy(), axis, start, end, 1));
            start = end;
        }
        return gradients;
    }

    // What was cut away had no part in the output: zeros. A step back to front is a reversal.
    private static List<Value> slice(Ops op, Forward n) {
        int axis = Math.toIntExact(op.graph().constantOf(n.x(3)).longs()[0]);
        long step = op.graph().constantOf(n.x(4)).longs()[0];
        long size = n.y().shape().dim(axis);
        Value dx;
        if (step == -1 && size == n.shape(0).dim(axis)) {
            dx = op.reverse(n.dy(), axis);
        } else if (step == 1) {
            long[] before = new long[n.shape(0).rank()];
            long[] after = new long[before.length];
            before[axis] = op.graph().constantOf(n.x(1)).longs()[0];
            after[axis] = n.shape(0).dim(axis) - before[axis] - size;
            dx = op.pad(n.dy(), before, after);
        } else {
            throw new AutodiffException("Slice with step " + step + " (node "
                    + n.node().name() + "); the rule serves step 1 and whole reversals");
        }
        return List.of(dx, Value.NONE, Value.NONE, Value.NONE, Value.NONE);
    }

    private static List<Value> pad(Ops op, Forward n) {
        long[] pads = op.graph().constantOf(n.x(1)).longs();
        Value dx = n.dy();
        for (int axis = 0; axis < pads.length / 2; axis++) {
            if (pads[axis] != 0 || pads[axis + pads.length / 2] != 0) {
                dx = op.slice(dx, axis, pads[axis], pads[axis] + n.shape(0).dim(axis), 1);
            }
        }
        return List.of(dx, Value.NONE);
    }

    // Rows taken twice get both gradients: one product with the table of who took what.
    private static List<Value> gather(Ops op, Forward n) {
        if (n.node().integer("axis", 0) != 0
                || n.shape(0).rank() != 2
                || n.shape(1).rank() != 1) {
            throw new AutodiffException("Gather of " + n.x(0) + " by " + n.x(1) + " (node "
                    + n.node().name() + "); the rule serves rows of a matrix");
        }
        Value taken = op.oneHot(n.x(1), n.shape(0).dim(0));
        return List.of(op.matmul(taken, n.dy(), true, false), Value.NONE);
    }
}
