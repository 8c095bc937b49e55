package org.chiffchaff.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Operators that move elements and leave them as they are. */
final class ShapeRules {
    private ShapeRules() {}

    static void add(GradientRules.Table table) {
        table.rule("Reshape", ShapeRules::backToShape, "allowzero")
                .rule("Squeeze", ShapeRules::backToShape)
                .rule("Unsqueeze", ShapeRules::backToShape)
                .rule("Flatten", ShapeRules::backToShape, "axis")
                .rule("Transpose", ShapeRules::transpose, "perm")
                .rule("Concat", ShapeRules::concat, "axis")
                .rule("Slice", SliceRule::slice)
                .rule("Pad", PadRule::pad, "mode")
                // The engine sums a repeated gradient back to the input's shape.
                .rule("Expand", (op, n) -> n.first(n.dy()))
                .rule("Gather", ShapeRules::gather, "axis")
                .rule("Cast", (op, n) -> List.of(op.cast(n.dy(), n.x(0).type())), "to");
    }

    // Whatever the new shape was, and however it was told.
    private static List<Value> backToShape(Ops op, Forward n) {
        return n.first(op.reshape(n.dy(), n.shape(0)));
    }

    private static List<Value> transpose(Ops op, Forward n) {
        int[] permutation = permutation(n);
        int[] inverse = new int[permutation.length];
        for (int axis = 0; axis < permutation.length; axis++) {
            inverse[permutation[axis]] = axis;
        }
        return List.of(op.transpose(n.dy(), inverse));
    }

    // Back to front where none is given.
    private static int[] permutation(Forward n) {
        int rank = n.shape(0).rank();
        return n.node().attributes().containsKey("perm")
                ? n.node().ints("perm", List.of()).stream()
                        .mapToInt(Math::toIntExact)
                        .toArray()
                : IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray();
    }

    private static List<Value> concat(Ops op, Forward n) {
        int axis = (int) n.node().integer("axis", 0);
        List<Value> gradients = new ArrayList<>();
        long start = 0;
        for (Value part : n.node().inputs()) {
            long size = part.shape().dim(axis);
            if (size == Shape.DYNAMIC) {
                throw n.refusal(part + " on axis " + axis, "parts of known size");
            }
            gradients.add(op.slice(n.dy(), axis, start, start + size, 1));
            start += size;
        }
        return gradients;
    }

    // Rows taken twice get both gradients: one product with the table of who took what.
    private static List<Value> gather(Ops op, Forward n) {
        long axis = n.node().integer("axis", 0);
        if (axis != 0 || n.shape(0).rank() != 2 || n.shape(1).rank() != 1) {
            throw n.refusal(n.x(0) + " by " + n.x(1) + " on axis " + axis, "rows of a matrix by a list");
        }
        Value taken = op.oneHot(n.x(1), n.shape(0).dim(0));
        return n.first(op.matmul(taken, n.dy(), true, false));
    }
}
