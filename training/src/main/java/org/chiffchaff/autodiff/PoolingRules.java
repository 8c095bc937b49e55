package org.chiffchaff.autodiff;

import java.util.List;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Pooling over [batch, channels, height, width]. */
final class PoolingRules {
    private PoolingRules() {}

    static void add(GradientRules.Table table) {
        table.rule("MaxPool", PoolingRules::maxPool).rule("GlobalAveragePool", PoolingRules::globalAveragePool);
    }

    // ONNX Runtime's MaxPoolGrad wants a fixed batch and has no CUDA kernel, so the gradient is composed: where X
    // equals the pooled maximum spread back over its tile, it takes the tile's gradient; equal maxima share it. Tiles
    // do not overlap.
    private static List<Value> maxPool(Ops op, Forward n) {
        int size = tile(n.node());
        Value y = n.y();
        Value x = cropped(op, n.x(0), y.shape().dim(2) * size, y.shape().dim(3) * size);
        Value isMaximum = op.cast(op.equal(x, op.upsample(y, size)), x.type());
        Value count = op.mul(op.averagePool(isMaximum, size), op.scalarLike(x, (double) size * size));
        Value dx = op.mul(isMaximum, op.upsample(op.div(n.dy(), count), size));
        Shape whole = n.shape(0);
        if (dx.shape().equals(whole)) {
            return List.of(dx);
        }
        long[] missing = {
            0, 0, whole.dim(2) - dx.shape().dim(2), whole.dim(3) - dx.shape().dim(3)
        };
        return List.of(op.pad(dx, new long[4], missing));
    }

    private static int tile(Node node) {
        List<Long> kernel = node.ints("kernel_shape", List.of());
        boolean tiled = kernel.size() == 2
                && kernel.get(0).equals(kernel.get(1))
                && node.ints("strides", List.of(1L, 1L)).equals(kernel)
                && node.ints("pads", List.of(0L, 0L, 0L, 0L)).equals(List.of(0L, 0L, 0L, 0L));
        if (!tiled) {
            throw new AutodiffException("MaxPool with kernel " + kernel + " and strides "
                    + node.ints("strides", List.of(1L, 1L)) + " (node " + node.name()
                    + "); the rule serves square tiles without pads, strides equal to the kernel");
        }
        return Math.toIntExact(kernel.getFirst());
    }

    private static Value cropped(Ops op, Value x, long height, long width) {
        Value rows = x.shape().dim(2) == height ? x : op.slice(x, 2, 0, height, 1);
        return x.shape().dim(3) == width ? rows : op.slice(rows, 3, 0, width, 1);
    }

    // Each pixel takes an equal share.
    private static List<Value> globalAveragePool(Ops op, Forward n) {
        double pixels = n.shape(0).dim(2) * n.shape(0).dim(3);
        return List.of(op.expandLike(op.mul(n.dy(), op.scalarLike(n.dy(), 1 / pixels)), n.x(0)));
    }
}
