package org.chiffchaff.autodiff;

import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Convolutions over [batch, channels, height, width], kernels [outputs, inputs, height, width]. */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static void add(GradientRules.Table table) {
        table.rule("Conv", ConvolutionRules::conv);
    }

    // CUDA has one fast operator for all three gradients. On the CPU that operator works image by image in many short
    // parallel sections; for plain convolutions two larger ones are faster and steadier: dX as a convolution, dW as one
    // batched product.
    private static List<Value> conv(Ops op, Forward n) {
        if (n.target() == Target.CUDA || !plain(n.node())) {
            return convGrad(op, n);
        }
        List<Value> gradients = new ArrayList<>(List.of(dataGradient(op, n), weightGradient(op, n)));
        if (n.node().inputs().size() > 2) {
            gradients.add(op.reduceSum(n.dy(), false, 0, 2, 3));
        }
        return gradients;
    }

    // ConvGrad(dY, X, W) -> dX, dW, dB
    private static List<Value> convGrad(Ops op, Forward n) {
        List<Value> inputs = List.of(n.dy(), n.x(0), n.x(1));
        if (n.node().inputs().size() > 2) {
            return op.microsoft(
                    "ConvGrad", inputs, n.node().attributes(), Ops.like(n.x(0)), Ops.like(n.x(1)), Ops.like(n.x(2)));
        }
        return op.microsoft("ConvGrad", inputs, n.node().attributes(), Ops.like(n.x(0)), Ops.like(n.x(1)));
    }

    private static boolean plain(Node node) {
        List<Long> pads = pads(node);
        boolean even = pads.get(0).equals(pads.get(2)) && pads.get(1).equals(pads.get(3));
        boolean stepless = node.ints("strides", List.of(1L, 1L)).equals(List.of(1L, 1L))
                && node.ints("dilations", List.of(1L, 1L)).equals(List.of(1L, 1L));
        boolean known = !node.input(0).shape().with(0, 1).dynamic();
        return even
                && stepless
                && known
                && node.integer("group", 1) == 1
                && !node.attributes().containsKey("auto_pad");
    }

    private static List<Long> pads(Node node) {
        return node.ints("pads", List.of(0L, 0L, 0L, 0L));
    }

    // dX = dY convolved with the kernels turned by half a turn, inputs and outputs exchanged; pads k - 1 - p.
    private static Value dataGradient(Ops op, Forward n) {
        Value turned = op.transpose(op.reverse(op.reverse(n.x(1), 2), 3), 1, 0, 2, 3);
        List<Long> pads = pads(n.node());
        int padHeight = (int) (n.shape(1).dim(2) - 1 - pads.get(0));
        int padWidth = (int) (n.shape(1).dim(3) - 1 - pads.get(1));
        return op.conv(n.dy(), turned, Value.NONE, padHeight, padWidth);
    }

    // dW[o, i, r, s] = sum over batch and pixels of dY[o] times the padded X[i] shifted by (r, s): every shift side by
    // side as rows, one product per image, summed over the batch.
    private static Value weightGradient(Ops op, Forward n) {
        Shape w = n.shape(1);
        List<Long> pads = pads(n.node());
        long[] border = {0, 0, pads.get(0), pads.get(1)};
        Value padded = op.pad(n.x(0), border, border);
        long height = n.dy().shape().dim(2);
        long width = n.dy().shape().dim(3);
        List<Value> shifts = new ArrayList<>();
        for (long row = 0; row < w.dim(2); row++) {
            Value rows = op.slice(padded, 2, row, row + height, 1);
            for (long column = 0; column < w.dim(3); column++) {
                Value shifted = op.slice(rows, 3, column, column + width, 1);
                shifts.add(op.reshape(shifted, Shape.of(Shape.DYNAMIC, w.dim(1), height * width)));
            }
        }
        Value dy = op.reshape(n.dy(), Shape.of(Shape.DYNAMIC, w.dim(0), height * width));
        Value perImage = op.matmul(dy, op.concat(1, shifts), false, true); // [batch, outputs, kernel * inputs]
        Value sum = op.reduceSum(perImage, false, 0);
        return op.transpose(op.reshape(sum, Shape.of(w.dim(0), w.dim(2), w.dim(3), w.dim(1))), 0, 3, 1, 2);
    }
}
