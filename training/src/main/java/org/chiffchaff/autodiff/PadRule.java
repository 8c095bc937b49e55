package org.chiffchaff.autodiff;

import java.util.Arrays;
import java.util.List;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Padding: what was added had its numbers from nowhere, from the places inside the edge, or from the edge. */
final class PadRule {
    private PadRule() {}

    static List<Value> pad(Ops op, Forward n) {
        long[] pads = op.graph().constantOf(n.x(1)).longs();
        int rank = n.shape(0).rank();
        String mode = n.node().text("mode", "constant");
        if (mode.equals("constant")) {
            return n.first(op.unpad(n.dy(), Arrays.copyOf(pads, rank), Arrays.copyOfRange(pads, rank, 2 * rank)));
        }
        Value dx = n.dy();
        for (int axis = 0; axis < rank; axis++) {
            Side side = new Side(axis, n.shape(0).dim(axis), pads[axis], pads[rank + axis]);
            if (side.before != 0 || side.after != 0) {
                dx = folded(op, n, dx, side, mode);
            }
        }
        return n.first(dx);
    }

    /** The pads of one axis and the size between them. */
    private record Side(int axis, long size, long before, long after) {
        long end() {
            return before + size;
        }
    }

    private static Value folded(Ops op, Forward n, Value dy, Side side, String mode) {
        boolean reflects = mode.equals("reflect");
        long most = reflects ? side.size - 1 : Long.MAX_VALUE;
        boolean known = reflects || mode.equals("edge");
        if (!known
                || side.size == Shape.DYNAMIC
                || Math.min(side.before, side.after) < 0
                || Math.max(side.before, side.after) > most) {
            throw n.refusal(
                    "mode = " + mode + " with pads " + side.before + " and " + side.after + " on axis " + side.axis
                            + " of " + n.x(0),
                    "constant, or pads from 0 on, of a known size: reflect, less than the size, and edge");
        }
        Value dx = op.slice(dy, side.axis, side.before, side.end(), 1);
        if (side.before > 0) {
            Value head = op.slice(dy, side.axis, 0, side.before, 1);
            dx = op.add(dx, reflects ? among(op, op.reverse(head, side.axis), side, 1) : onEdge(op, head, side, 0));
        }
        if (side.after > 0) {
            Value tail = op.slice(dy, side.axis, side.end(), side.end() + side.after, 1);
            long last = side.size - 1;
            dx = op.add(
                    dx,
                    reflects
                            ? among(op, op.reverse(tail, side.axis), side, last - side.after)
                            : onEdge(op, tail, side, last));
        }
        return dx;
    }

    private static Value onEdge(Ops op, Value part, Side side, long place) {
        return among(op, op.reduceSum(part, true, side.axis), side, place);
    }

    // Zeros of the axis's size, but a part from some place on.
    private static Value among(Ops op, Value part, Side side, long start) {
        return op.place(part, side.axis, side.size, start, 1);
    }
}
