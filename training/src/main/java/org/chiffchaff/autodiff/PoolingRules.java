package org.chiffchaff.autodiff;

import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * Pooling over [batch, channels, height, width]. ONNX Runtime's own gradients of it want a fixed batch and have no CUDA
 * kernels, so these are composed.
 *
 * <p>Of equal maxima under one position of the kernel, each takes the same share of the gradient. PyTorch gives all of
 * it to the first one; both are subgradients. Sharing does not depend on the order in which a device looks.
 */
final class PoolingRules {
    private PoolingRules() {}

    static void add(GradientRules.Table table) {
        table.rule(
                        "MaxPool",
                        PoolingRules::maxPool,
                        "auto_pad",
                        "ceil_mode",
                        "dilations",
                        "kernel_shape",
                        "pads",
                        // Only the order of the second output, which is whole numbers.
                        "storage_order",
                        "strides")
                .rule(
                        "AveragePool",
                        PoolingRules::averagePool,
                        "auto_pad",
                        "ceil_mode",
                        "count_include_pad",
                        "kernel_shape",
                        "pads",
                        "strides")
                .rule("GlobalAveragePool", PoolingRules::globalAveragePool);
    }

    private static SlidingWindow window(Forward n) {
        if (n.shape(0).rank() == 4
                && (n.shape(0).dim(2) == Shape.DYNAMIC || n.shape(0).dim(3) == Shape.DYNAMIC)) {
            throw n.refusal("the input " + n.x(0), "a known height and width");
        }
        return SlidingWindow.of(n, n.node().ints("kernel_shape", List.of()));
    }

    private static List<Value> maxPool(Ops op, Forward n) {
        SlidingWindow window = window(n);
        return List.of(
                window.tiles(n.shape(0).dim(2), n.shape(0).dim(3))
                        ? ofTiles(op, n, Math.toIntExact(window.kernel().getFirst()))
                        : ofOverlaps(op, n, window));
    }

    // Where X equals the pooled maximum spread back over its tile, it takes the tile's gradient.
    private static Value ofTiles(Ops op, Forward n, int size) {
        Value y = n.y();
        Value x = cropped(op, n.x(0), y.shape().dim(2) * size, y.shape().dim(3) * size);
        Value isMaximum = op.cast(op.equal(x, op.upsample(y, size)), x.type());
        Value count = op.mul(op.averagePool(isMaximum, size), op.scalarLike(x, (double) size * size));
        Value dx = op.mul(isMaximum, op.upsample(op.div(n.dy(), count), size));
        Shape whole = n.shape(0);
        if (dx.shape().equals(whole)) {
            return dx;
        }
        long[] missing = {
            0, 0, whole.dim(2) - dx.shape().dim(2), whole.dim(3) - dx.shape().dim(3)
        };
        return op.pad(dx, new long[4], missing);
    }

    private static Value cropped(Ops op, Value x, long height, long width) {
        Value rows = x.shape().dim(2) == height ? x : op.slice(x, 2, 0, height, 1);
        return x.shape().dim(3) == width ? rows : op.slice(rows, 3, 0, width, 1);
    }

    // Place by place of the kernel: what lies under it at all positions, and whether that is the maximum there.
    private static Value ofOverlaps(Ops op, Forward n, SlidingWindow window) {
        long[] before = window.above();
        long[] after = window.below(n.shape(0));
        Value padded = op.pad(n.x(0), before, after, Double.NEGATIVE_INFINITY);
        List<List<Value>> isMaximum = places(window, 0)
                .mapToObj(row -> op.slice(
                        padded,
                        2,
                        window.start(0, row),
                        window.end(0, row),
                        window.strides().get(0)))
                .map(rows -> places(window, 1)
                        .mapToObj(column -> isMaximum(op, n, window, rows, column))
                        .toList())
                .toList();
        Value count = isMaximum.stream().flatMap(List::stream).reduce(op::add).orElseThrow();
        Value share = op.div(n.dy(), count);
        Value dx = handBack(
                op,
                n,
                window,
                0,
                row -> handBack(
                        op,
                        n,
                        window,
                        1,
                        column -> op.mul(isMaximum.get((int) row).get((int) column), share)));
        return op.unpad(dx, before, after);
    }

    private static Value isMaximum(Ops op, Forward n, SlidingWindow window, Value rows, long column) {
        Value under = op.slice(
                rows,
                3,
                window.start(1, column),
                window.end(1, column),
                window.strides().get(1));
        return op.cast(op.equal(under, n.y()), under.type());
    }

    private static LongStream places(SlidingWindow window, int axis) {
        return LongStream.range(0, window.kernel().get(axis));
    }

    // Along one axis, what the positions owe to each place of the kernel goes to the pixels that lay under it.
    private static Value handBack(Ops op, Forward n, SlidingWindow window, int axis, LongFunction<Value> owed) {
        long size = window.padded(axis, n.shape(0).dim(2 + axis));
        long stride = window.strides().get(axis);
        return places(window, axis)
                .mapToObj(place -> op.place(owed.apply(place), 2 + axis, size, window.start(axis, place), stride))
                .reduce(op::add)
                .orElseThrow();
    }

    // Each pixel under the kernel takes an equal share.
    private static List<Value> averagePool(Ops op, Forward n) {
        SlidingWindow window = window(n);
        Value share = op.div(n.dy(), divisors(op, n, window));
        Value rows = handBack(op, n, window, 1, column -> share);
        Value dx = handBack(op, n, window, 0, row -> rows);
        return List.of(op.unpad(dx, window.above(), window.below(n.shape(0))));
    }

    // What each position divides by, [height, width]: the pixels under it that lie on the image, or all.
    private static Value divisors(Ops op, Forward n, SlidingWindow window) {
        if (n.node().integer("count_include_pad", 0) == 1) {
            if (n.node().integer("ceil_mode", 0) == 1) {
                throw n.refusal("ceil_mode = 1 and count_include_pad = 1", "one of them");
            }
            return op.scalarLike(
                    n.dy(), (double) window.kernel().get(0) * window.kernel().get(1));
        }
        float[] heights = counts(n, window, 0);
        float[] widths = counts(n, window, 1);
        float[] areas = new float[heights.length * widths.length];
        for (int i = 0; i < areas.length; i++) {
            areas[i] = heights[i / widths.length] * widths[i % widths.length];
        }
        return op.cast(op.constant(Tensor.of(areas, heights.length, widths.length)), n.dy().type());
    }

    private static float[] counts(Forward n, SlidingWindow window, int axis) {
        long before = window.before().get(axis);
        long end = before + n.shape(0).dim(2 + axis);
        float[] counts = new float[Math.toIntExact(window.positions().get(axis))];
        for (int position = 0; position < counts.length; position++) {
            long start = position * window.strides().get(axis);
            counts[position] = Math.min(end, start + window.kernel().get(axis)) - Math.max(before, start);
        }
        return counts;
    }

    private static List<Value> globalAveragePool(Ops op, Forward n) {
        int[] axes = IntStream.range(2, n.shape(0).rank()).toArray();
        long pixels = ReductionRules.elements(n.shape(0), axes);
        if (pixels == Shape.DYNAMIC) {
            return List.of(op.div(op.expandLike(n.dy(), n.x(0)), ReductionRules.count(op, n, axes)));
        }
        return List.of(op.expandLike(op.mul(n.dy(), op.scalarLike(n.dy(), 1.0 / pixels)), n.x(0)));
    }
}
