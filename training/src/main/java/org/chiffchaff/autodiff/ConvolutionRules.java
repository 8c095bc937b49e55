package org.chiffchaff.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Convolutions over [batch, channels, height, width], kernels [outputs, inputs, height, width]. */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static void add(GradientRules.Table table) {
        table.rule("Conv", ConvolutionRules::conv, "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides");
    }

    // Where the two sides of an axis get different pads, X is padded first: cuDNN takes the first side's for both.
    private static List<Value> conv(Ops op, Forward n) {
        if (n.shape(1).rank() != 4) {
            throw n.refusal("the kernels " + n.x(1), "[outputs, inputs, height, width]");
        }
        SlidingWindow window = SlidingWindow.of(
                n, n.node().ints("kernel_shape", n.shape(1).dims().subList(2, 4)));
        if (window.even()) {
            return gradients(op, n, n.x(0), window);
        }
        long[] before = window.above();
        long[] after = window.below(n.shape(0));
        Value padded = op.pad(n.x(0), before, after);
        List<Value> gradients = new ArrayList<>(gradients(op, n, padded, window.withoutPads()));
        gradients.set(0, op.unpad(gradients.getFirst(), before, after));
        return gradients;
    }

    // CUDA has one fast operator for all three gradients. On the CPU that operator works image by image in many short
    // parallel sections; for plain convolutions two larger ones are faster and steadier: dX as a convolution, dW as one
    // batched product.
    private static List<Value> gradients(Ops op, Forward n, Value x, SlidingWindow window) {
        boolean known = !x.shape().with(0, 1).dynamic();
        boolean plain = known && window.stepless() && n.node().integer("group", 1) == 1;
        if (n.device() instanceof Device.Cuda || !plain) {
            return convGrad(op, n, x, window);
        }
        List<Value> gradients = new ArrayList<>(List.of(dataGradient(op, n, window), weightGradient(op, n, x, window)));
        if (n.node().inputs().size() > 2) {
            gradients.add(op.reduceSum(n.dy(), false, 0, 2, 3));
        }
        return gradients;
    }

    // ConvGrad(dY, X, W) -> dX, dW, dB. It does not read auto_pad.
    private static List<Value> convGrad(Ops op, Forward n, Value x, SlidingWindow window) {
        List<Value> inputs = List.of(n.dy(), x, n.x(1));
        Map<String, Attribute> attributes = new TreeMap<>(n.node().attributes());
        attributes.remove("auto_pad");
        attributes.put("pads", Attribute.of(window.pads()));
        if (n.node().inputs().size() > 2) {
            return op.microsoft("ConvGrad", inputs, attributes, Ops.like(x), Ops.like(n.x(1)), Ops.like(n.x(2)));
        }
        return op.microsoft("ConvGrad", inputs, attributes, Ops.like(x), Ops.like(n.x(1)));
    }

    // dX = dY convolved with the kernels turned by half a turn, inputs and outputs exchanged; pads k - 1 - p.
    private static Value dataGradient(Ops op, Forward n, SlidingWindow window) {
        Value turned = op.transpose(op.reverse(op.reverse(n.x(1), 2), 3), 1, 0, 2, 3);
        int padHeight = (int) (n.shape(1).dim(2) - 1 - window.before().get(0));
        int padWidth = (int) (n.shape(1).dim(3) - 1 - window.before().get(1));
        return op.conv(n.dy(), turned, Value.NONE, padHeight, padWidth);
    }

    // dW[o, i, r, s] = sum over batch and pixels of dY[o] times the padded X[i] shifted by (r, s): every shift side by
    // side as rows, one product per image, summed over the batch.
    private static Value weightGradient(Ops op, Forward n, Value x, SlidingWindow window) {
        Shape w = n.shape(1);
        Value padded = op.pad(x, window.above(), window.above());
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
