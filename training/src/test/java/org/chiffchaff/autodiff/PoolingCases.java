package org.chiffchaff.autodiff;

import static org.chiffchaff.autodiff.GradientCase.Range.ANY;
import static org.chiffchaff.autodiff.GradientCase.Range.DISTINCT;
import static org.chiffchaff.autodiff.GradientCases.ints;
import static org.chiffchaff.autodiff.GradientCases.node;
import static org.chiffchaff.onnx.ElementType.FLOAT;

import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Shape;

/** Pooling over [batch, channels, height, width]. */
final class PoolingCases {
    private static final Attribute SQUARE = ints(3L, 3L);
    private static final Attribute HALVED = ints(2L, 2L);
    private static final Attribute FRAME = ints(1L, 1L, 1L, 1L);

    private PoolingCases() {}

    static void add(GradientCases to) {
        tiles(to);
        maxima(to);
        means(to);
        to.add(
                "GlobalAveragePool",
                "",
                FLOAT,
                ANY,
                (op, x) -> op.globalAveragePool(x.get(0)),
                Shape.of(Shape.DYNAMIC, 3, 6, 5));
        Shape lines = Shape.of(Shape.DYNAMIC, 3, 6);
        Shape line = Shape.of(Shape.DYNAMIC, 3, 1);
        to.add("GlobalAveragePool", "of lines", FLOAT, ANY, node("GlobalAveragePool", Map.of(), line), lines);
    }

    private static void tiles(GradientCases to) {
        to.add("MaxPool", "", FLOAT, DISTINCT, (op, x) -> op.maxPool(x.get(0), 2), batch(6, 4));
        to.add("MaxPool", "with a rest", FLOAT, DISTINCT, (op, x) -> op.maxPool(x.get(0), 2), batch(5, 7));
        to.add("MaxPool", "of 3", FLOAT, DISTINCT, (op, x) -> op.maxPool(x.get(0), 3), batch(6, 9));
        to.add("AveragePool", "", FLOAT, ANY, (op, x) -> op.averagePool(x.get(0), 2), batch(6, 4));
        to.add("AveragePool", "with a rest", FLOAT, ANY, (op, x) -> op.averagePool(x.get(0), 2), batch(5, 7));
    }

    private static Shape batch(long height, long width) {
        return Shape.of(Shape.DYNAMIC, 2, height, width);
    }

    private static void maxima(GradientCases to) {
        max(to, "overlapping", Map.of("kernel_shape", SQUARE), 5, 4);
        max(to, "stride 2, pad 1", Map.of("kernel_shape", SQUARE, "strides", HALVED, "pads", FRAME), 4, 3);
        max(to, "gaps between", Map.of("kernel_shape", ints(2L, 1L), "strides", ints(3L, 2L)), 2, 3);
        max(to, "oblong tiles", Map.of("kernel_shape", ints(1L, 2L), "strides", ints(1L, 2L)), 7, 3);
        max(to, "padded tiles", Map.of("kernel_shape", HALVED, "strides", HALVED, "pads", FRAME), 4, 4);
        max(to, "uneven pads", Map.of("kernel_shape", SQUARE, "pads", ints(0L, 1L, 2L, 0L)), 7, 5);
        max(to, "dilated", Map.of("kernel_shape", SQUARE, "dilations", ints(2L, 1L), "pads", FRAME), 5, 6);
        Attribute up = Attribute.of(1);
        max(to, "rounded up", Map.of("kernel_shape", SQUARE, "strides", HALVED, "ceil_mode", up), 3, 3);
        max(to, "tiles rounded up", Map.of("kernel_shape", HALVED, "strides", HALVED, "ceil_mode", up), 4, 3);
        max(to, "by columns", Map.of("kernel_shape", SQUARE, "storage_order", up), 5, 4);
        for (String side : List.of("SAME_UPPER", "SAME_LOWER")) {
            Attribute pad = Attribute.of(side);
            max(to, "auto_pad " + side, Map.of("kernel_shape", SQUARE, "strides", HALVED, "auto_pad", pad), 4, 3);
            max(
                    to,
                    "tiles, auto_pad " + side,
                    Map.of("kernel_shape", HALVED, "strides", HALVED, "auto_pad", pad),
                    4,
                    3);
        }
        Attribute valid = Attribute.of("VALID");
        max(to, "auto_pad VALID", Map.of("kernel_shape", SQUARE, "auto_pad", valid), 5, 4);
    }

    // Of 7 by 6 pixels.
    private static void max(GradientCases to, String name, Map<String, Attribute> attributes, long height, long width) {
        to.add("MaxPool", name, FLOAT, DISTINCT, node("MaxPool", attributes, batch(height, width)), batch(7, 6));
    }

    private static void means(GradientCases to) {
        mean(to, "overlapping", Map.of("kernel_shape", SQUARE), 5, 4);
        Attribute counted = Attribute.of(1);
        mean(to, "stride 2, pad 1", Map.of("kernel_shape", SQUARE, "strides", HALVED, "pads", FRAME), 4, 3);
        mean(
                to,
                "stride 2, pad 1, pads counted",
                Map.of("kernel_shape", SQUARE, "strides", HALVED, "pads", FRAME, "count_include_pad", counted),
                4,
                3);
        mean(to, "gaps between", Map.of("kernel_shape", ints(2L, 1L), "strides", ints(3L, 2L)), 2, 3);
        mean(to, "uneven pads", Map.of("kernel_shape", SQUARE, "pads", ints(0L, 1L, 2L, 0L)), 7, 5);
        mean(to, "rounded up", Map.of("kernel_shape", HALVED, "strides", HALVED, "ceil_mode", counted), 4, 3);
        Attribute upper = Attribute.of("SAME_UPPER");
        mean(to, "auto_pad SAME_UPPER", Map.of("kernel_shape", SQUARE, "strides", HALVED, "auto_pad", upper), 4, 3);
    }

    private static void mean(
            GradientCases to, String name, Map<String, Attribute> attributes, long height, long width) {
        to.add("AveragePool", name, FLOAT, ANY, node("AveragePool", attributes, batch(height, width)), batch(7, 6));
    }
}
