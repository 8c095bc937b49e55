package org.chiffchaff.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Slicing: what was cut away had no part in the output, zeros. */
final class SliceRule {
    private SliceRule() {}

    static List<Value> slice(Ops op, Forward n) {
        Value sizes = op.sizes(n.x(0));
        List<Value> cut =
                new ArrayList<>(n.node().inputs().subList(1, n.node().inputs().size()));
        Value dy = n.x(4).present() ? forwards(op, n, cut) : n.dy();
        List<Value> inputs = new ArrayList<>(List.of(dy, sizes));
        inputs.addAll(cut);
        return n.first(
                op.microsoft("SliceGrad", inputs, Map.of(), Ops.like(n.x(0))).getFirst());
    }

    // ONNX Runtime's SliceGrad fails for some steps back, so the gradient is turned round instead.
    private static Value forwards(Ops op, Forward n, List<Value> cut) {
        long[] starts = op.graph().constantOf(n.x(1)).longs();
        long[] ends = op.graph().constantOf(n.x(2)).longs();
        long[] steps = op.graph().constantOf(n.x(4)).longs();
        Value dy = n.dy();
        for (int i = 0; i < steps.length; i++) {
            if (steps[i] < 0) {
                int axis = axis(op, n, i);
                long size = n.shape(0).dim(axis);
                if (size == Shape.DYNAMIC) {
                    throw n.refusal(
                            "a step of " + steps[i] + " along axis " + axis + " of " + n.x(0),
                            "steps back of known sizes");
                }
                dy = op.reverse(dy, axis);
                long first = Math.min(size - 1, starts[i] < 0 ? starts[i] + size : starts[i]);
                starts[i] = first + (n.y().shape().dim(axis) - 1) * steps[i];
                ends[i] = first + 1;
                steps[i] = -steps[i];
            }
        }
        cut.set(0, op.longs(starts));
        cut.set(1, op.longs(ends));
        cut.set(3, op.longs(steps));
        return dy;
    }

    private static int axis(Ops op, Forward n, int place) {
        long axis = n.x(3).present() ? op.graph().constantOf(n.x(3)).longs()[place] : place;
        return n.shape(0).axis(Math.toIntExact(axis));
    }
}
