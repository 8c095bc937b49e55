package org.chiffchaff.autodiff;

import static org.chiffchaff.autodiff.GradientCase.Range.ANY;
import static org.chiffchaff.autodiff.GradientCases.ints;
import static org.chiffchaff.autodiff.GradientCases.node;
import static org.chiffchaff.onnx.ElementType.FLOAT;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/** Convolutions and normalisation over [batch, channels, height, width]. */
final class ImageCases {
    private static final Shape IMAGE = Shape.of(2, 3, 6, 5);
    private static final Shape IMAGES = Shape.of(Shape.DYNAMIC, 4, 6, 5);
    private static final Shape KERNELS = Shape.of(6, 4, 3, 3);

    private ImageCases() {}

    static void add(GradientCases to) {
        plainConvolutions(to);
        convolutions(to);
        automaticPads(to);
        normalisations(to);
    }

    private static void plainConvolutions(GradientCases to) {
        BiFunction<Ops, List<Value>, Value> padded = (op, x) -> op.conv(x.get(0), x.get(1), x.get(2), 1, 1);
        to.add("Conv", "3x3, pad 1, bias", FLOAT, ANY, padded, IMAGES, KERNELS, Shape.of(6));
        BiFunction<Ops, List<Value>, Value> bare = (op, x) -> op.conv(x.get(0), x.get(1), Value.NONE, 0, 2);
        to.add("Conv", "2x5, pads 0 and 2, no bias", FLOAT, ANY, bare, IMAGE, Shape.of(4, 3, 2, 5));
        BiFunction<Ops, List<Value>, Value> wide = (op, x) -> op.conv(x.get(0), x.get(1), Value.NONE, 1, 2);
        to.add("Conv", "1x2, pads wider than the kernel", FLOAT, ANY, wide, IMAGE, Shape.of(4, 3, 1, 2));
        to.add("Conv", "nothing said", FLOAT, ANY, conv(Map.of(), 6, 4, 3), IMAGES, KERNELS);
    }

    private static void convolutions(GradientCases to) {
        Map<String, Attribute> strided =
                Map.of("strides", ints(2L, 2L), "pads", ints(1L, 1L, 1L, 1L), "kernel_shape", ints(3L, 3L));
        to.add("Conv", "stride 2", FLOAT, ANY, conv(strided, 6, 3, 3), IMAGES, KERNELS, Shape.of(6));
        Map<String, Attribute> grouped = new TreeMap<>(strided);
        grouped.put("group", Attribute.of(2));
        to.add("Conv", "stride 2, groups", FLOAT, ANY, conv(grouped, 6, 3, 3), IMAGES, Shape.of(6, 2, 3, 3));
        Map<String, Attribute> depthwise = Map.of("group", Attribute.of(4), "pads", ints(1L, 1L, 1L, 1L));
        to.add("Conv", "depthwise", FLOAT, ANY, conv(depthwise, 4, 6, 5), IMAGES, Shape.of(4, 1, 3, 3), Shape.of(4));
        Map<String, Attribute> dilated = Map.of("dilations", ints(2L, 1L), "pads", ints(2L, 0L, 2L, 0L));
        to.add("Conv", "dilated", FLOAT, ANY, conv(dilated, 6, 6, 3), IMAGES, KERNELS);
        Map<String, Attribute> uneven = Map.of("pads", ints(0L, 1L, 2L, 0L));
        to.add("Conv", "uneven pads", FLOAT, ANY, conv(uneven, 6, 6, 4), IMAGES, KERNELS, Shape.of(6));
        Map<String, Attribute> unevenStrided = Map.of("pads", ints(0L, 1L, 2L, 0L), "strides", ints(2L, 1L));
        to.add("Conv", "uneven pads, stride 2", FLOAT, ANY, conv(unevenStrided, 6, 3, 4), IMAGES, KERNELS);
    }

    private static void automaticPads(GradientCases to) {
        to.add("Conv", "auto_pad NOTSET", FLOAT, ANY, conv(automatic("NOTSET", 1), 6, 4, 3), IMAGES, KERNELS);
        to.add("Conv", "auto_pad VALID", FLOAT, ANY, conv(automatic("VALID", 2), 6, 2, 2), IMAGES, KERNELS);
        for (String side : List.of("SAME_UPPER", "SAME_LOWER")) {
            to.add("Conv", "auto_pad " + side, FLOAT, ANY, conv(automatic(side, 1), 6, 6, 5), IMAGES, KERNELS);
            Shape even = Shape.of(6, 4, 2, 4);
            to.add("Conv", "2x4, auto_pad " + side, FLOAT, ANY, conv(automatic(side, 1), 6, 6, 5), IMAGES, even);
            to.add(
                    "Conv",
                    "stride 2, auto_pad " + side,
                    FLOAT,
                    ANY,
                    conv(automatic(side, 2), 6, 3, 3),
                    IMAGES,
                    KERNELS);
        }
    }

    private static Map<String, Attribute> automatic(String pad, long stride) {
        return Map.of("auto_pad", Attribute.of(pad), "strides", ints(stride, stride));
    }

    private static BiFunction<Ops, List<Value>, Value> conv(
            Map<String, Attribute> attributes, long channels, long height, long width) {
        return node("Conv", attributes, Shape.of(Shape.DYNAMIC, channels, height, width));
    }

    private static void normalisations(GradientCases to) {
        Shape channels = Shape.of(3);
        Shape batch = Shape.of(Shape.DYNAMIC, 3, 4, 2);
        to.add(
                "com.microsoft.BatchNormInternal",
                "",
                FLOAT,
                ANY,
                ImageCases::batchNormInternal,
                batch,
                channels,
                channels);
        Shape rows = Shape.of(5, 3);
        to.add(
                "com.microsoft.BatchNormInternal",
                "of rows",
                FLOAT,
                ANY,
                ImageCases::batchNormInternal,
                rows,
                channels,
                channels);
        to.add("BatchNormalization", "", FLOAT, ANY, ImageCases::batchNormalization, batch, channels, channels);
        to.add("BatchNormalization", "of rows", FLOAT, ANY, ImageCases::batchNormalization, rows, channels, channels);
    }

    private static Value batchNormInternal(Ops op, List<Value> x) {
        Map<String, Attribute> attributes = Map.of(
                "epsilon", Attribute.of(1e-5f), "momentum", Attribute.of(0.9f), "training_mode", Attribute.of(1));
        Value mean = op.constant(Tensor.filled(0, 3));
        Value variance = op.constant(Tensor.filled(1, 3));
        var image = Ops.like(x.get(0));
        var channel = Ops.like(mean);
        return op.microsoft(
                        "BatchNormInternal",
                        List.of(x.get(0), x.get(1), x.get(2), mean, variance),
                        attributes,
                        image,
                        channel,
                        channel,
                        channel,
                        channel)
                .getFirst();
    }

    private static Value batchNormalization(Ops op, List<Value> x) {
        Value mean = op.constant(Tensor.of(new float[] {0.1f, -0.2f, 0.3f}, 3));
        Value variance = op.constant(Tensor.of(new float[] {0.5f, 1, 2}, 3));
        Map<String, Attribute> attributes = Map.of(
                "epsilon", Attribute.of(1e-5f), "momentum", Attribute.of(0.9f), "training_mode", Attribute.of(0));
        List<Value> inputs = List.of(x.get(0), x.get(1), x.get(2), mean, variance);
        return op.node("", "BatchNormalization", inputs, attributes, Ops.like(x.get(0)))
                .getFirst();
    }
}
