package org.chiffchaff.autodiff;

import static org.chiffchaff.autodiff.GradientCases.ints;
import static org.chiffchaff.onnx.ElementType.FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.OnnxException;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;
import org.junit.jupiter.api.Test;

/** What no rule serves is refused by the name of its node, never answered wrongly. */
class RefusedFormsTest {
    private static final Shape IMAGE = Shape.of(1, 2, 6, 6);
    private static final Shape MATRIX = Shape.of(3, 4);

    @Test
    void convolutionsOfOtherThanImages() {
        refused(
                "Conv (node Conv): found the kernels x1: FLOAT[2, 2, 3]; the gradient rule serves "
                        + "[outputs, inputs, height, width]",
                node("Conv", Map.of(), Shape.of(1, 2, 4)),
                Shape.of(1, 2, 6),
                Shape.of(2, 2, 3));
    }

    @Test
    void automaticPadsThatOnnxRuntimeWouldNotSet() {
        refused(
                "Conv (node Conv): found auto_pad = SAME_UPPER with input x0: FLOAT[1, 2, 6, 6], strides [1, 1] and "
                        + "dilations [2, 2]; the gradient rule serves a known height and width, strides no wider than "
                        + "the kernel, dilations of 1",
                node("Conv", Map.of("auto_pad", Attribute.of("SAME_UPPER"), "dilations", ints(2L, 2L)), IMAGE),
                IMAGE,
                Shape.of(2, 2, 3, 3));
        refused(
                "MaxPool (node MaxPool): found pads = [1, 1, 1, 1] and auto_pad = VALID; the gradient rule serves four "
                        + "pads, or auto_pad alone",
                node(
                        "MaxPool",
                        Map.of(
                                "auto_pad",
                                Attribute.of("VALID"),
                                "pads",
                                ints(1L, 1L, 1L, 1L),
                                "kernel_shape",
                                ints(3L, 3L)),
                        IMAGE),
                IMAGE);
        refused(
                "MaxPool (node MaxPool): found auto_pad = SAME; the gradient rule serves NOTSET, VALID, SAME_UPPER and "
                        + "SAME_LOWER",
                node("MaxPool", Map.of("auto_pad", Attribute.of("SAME"), "kernel_shape", ints(3L, 3L)), IMAGE),
                IMAGE);
    }

    @Test
    void kernelsThatDoNotFitTheirOutput() {
        refused(
                "MaxPool (node MaxPool): found the output MaxPool: FLOAT[1, 2, 6, 6] of the input x0: "
                        + "FLOAT[1, 2, 6, 6]; the gradient rule serves what the attributes make of it, 4 by 4",
                node("MaxPool", Map.of("kernel_shape", ints(3L, 3L)), IMAGE),
                IMAGE);
        refused(
                "AveragePool (node AveragePool): found kernel_shape = []; the gradient rule serves two numbers from 1 "
                        + "on",
                node("AveragePool", Map.of(), IMAGE),
                IMAGE);
    }

    @Test
    void poolingOfAnUnknownHeight() {
        Shape tall = Shape.of(1, 2, Shape.DYNAMIC, 6);
        refused(
                "MaxPool (node MaxPool): found the input x0: FLOAT[1, 2, ?, 6]; the gradient rule serves a known height "
                        + "and width",
                (op, x) -> op.maxPool(x.get(0), 2),
                tall);
    }

    @Test
    void meansThatCountPadsBeyondTheImage() {
        Map<String, Attribute> attributes = Map.of(
                "kernel_shape", ints(2L, 2L), "ceil_mode", Attribute.of(1), "count_include_pad", Attribute.of(1));
        refused(
                "AveragePool (node AveragePool): found ceil_mode = 1 and count_include_pad = 1; the gradient rule "
                        + "serves one of them",
                node("AveragePool", attributes, Shape.of(1, 2, 5, 5)),
                IMAGE);
    }

    @Test
    void padsThatReflectWhatIsNotThere() {
        String served =
                "; the gradient rule serves constant, or pads from 0 on, of a known size: reflect, less than the "
                        + "size, and edge";
        refused(
                "Pad (node Pad): found mode = reflect with pads 4 and 0 on axis 1 of x0: FLOAT[3, 4]" + served,
                padded("reflect", 4, 0),
                MATRIX);
        refused(
                "Pad (node Pad): found mode = edge with pads -1 and 2 on axis 1 of x0: FLOAT[3, 4]" + served,
                padded("edge", -1, 2),
                MATRIX);
        refused(
                "Pad (node Pad): found mode = wrap with pads 1 and 0 on axis 1 of x0: FLOAT[3, 4]" + served,
                padded("wrap", 1, 0),
                MATRIX);
    }

    private static BiFunction<Ops, List<Value>, Value> padded(String mode, long before, long after) {
        return (op, x) -> op.node(
                        "",
                        "Pad",
                        List.of(x.get(0), op.longs(0, before, 0, after)),
                        Map.of("mode", Attribute.of(mode)),
                        Ops.result(FLOAT, Shape.of(3, 4 + before + after)))
                .getFirst();
    }

    @Test
    void productsInOtherForms() {
        refused(
                "Gemm (node Gemm): found alpha = 0.5, beta = 1.0, transA = 0; the gradient rule serves A B + C and "
                        + "A B^T + C alone",
                node("Gemm", Map.of("alpha", Attribute.of(0.5f)), Shape.of(3, 2)),
                MATRIX,
                Shape.of(4, 2));
        refused(
                "MatMul (node MatMul): found x0: FLOAT[3, 4] and x1: FLOAT[4]; the gradient rule serves matrices, or "
                        + "batches of them",
                node("MatMul", Map.of(), Shape.of(3)),
                MATRIX,
                Shape.of(4));
    }

    @Test
    void formsOfOtherOperators() {
        refused(
                "Max (node Max): found 3 inputs; the gradient rule serves two",
                node("Max", Map.of(), MATRIX),
                MATRIX,
                MATRIX,
                MATRIX);
        refused(
                "Gather (node Gather): found x0: FLOAT[3, 4] by constant: INT64[1] on axis 1; the gradient rule serves "
                        + "rows of a matrix by a list",
                (op, x) -> op.gather(x.get(0), op.longs(1), 1),
                MATRIX);
        Shape rows = Shape.of(Shape.DYNAMIC, 4);
        refused(
                "Concat (node Concat): found x0: FLOAT[?, 4] on axis 0; the gradient rule serves parts of known size",
                (op, x) -> op.concat(0, x),
                rows,
                MATRIX);
        refused(
                "Slice (node Slice): found a step of -1 along axis 0 of x0: FLOAT[?, 4]; the gradient rule serves steps "
                        + "back of known sizes",
                (op, x) -> op.reverse(x.get(0), 0),
                rows);
        refused(
                "BatchNormalization (node BatchNormalization): found training_mode = 1; the gradient rule serves "
                        + "training_mode = 0",
                (op, x) -> op.node(
                                "",
                                "BatchNormalization",
                                List.of(x.get(0), x.get(1), x.get(1), ones(op), ones(op)),
                                Map.of("training_mode", Attribute.of(1)),
                                Ops.like(x.get(0)))
                        .getFirst(),
                MATRIX,
                Shape.of(4));
        refused(
                "Dropout (node Dropout): found no second output; the gradient rule serves training with the mask as an "
                        + "output",
                (op, x) -> op.node(
                                "",
                                "Dropout",
                                List.of(x.get(0), op.constant(Tensor.scalar(0.5f)), op.constant(Tensor.scalar(true))),
                                Map.of(),
                                Ops.like(x.get(0)))
                        .getFirst(),
                MATRIX);
    }

    @Test
    void anOperatorOfAnotherDomain() {
        String rules = String.join(", ", GradientRules.standard().opTypes());
        refused(
                "No gradient rule for com.microsoft.nchwc.Conv (node Conv); there are rules for " + rules,
                (op, x) -> op.node("com.microsoft.nchwc", "Conv", x, Map.of(), Ops.like(x.get(0)))
                        .getFirst(),
                IMAGE,
                Shape.of(2, 2, 1, 1));
    }

    @Test
    void anAttributeOfAnotherKind() {
        Ops ops = new Ops(new GraphBuilder("kind"));
        Value x = ops.graph().input("x", FLOAT, MATRIX);
        Value y = node("Softmax", Map.of("axis", Attribute.of(1f)), MATRIX).apply(ops, List.of(x));
        OnnxException refused = assertThrows(OnnxException.class, () -> gradients(ops, y, List.of(x)));
        assertEquals("Softmax (node Softmax): attribute axis is 1.0; expected a whole number", refused.getMessage());
    }

    @Test
    void aGradientThatOneOfTheInputsWouldMiss() {
        refused(
                "The rule of BatchNormalization has no gradient for input 4, found x1: FLOAT[4], which a parameter "
                        + "moves (node BatchNormalization)",
                (op, x) -> op.batchNormalization(x.get(0), ones(op), ones(op), ones(op), x.get(1), 1e-5f, 0.9f),
                MATRIX,
                Shape.of(4));
        refused(
                "The rule of Pad has no gradient for input 2, found x1: FLOAT[], which a parameter moves (node Pad)",
                (op, x) -> op.node(
                                "",
                                "Pad",
                                List.of(x.get(0), op.longs(0, 1, 0, 0), x.get(1)),
                                Map.of(),
                                Ops.result(FLOAT, Shape.of(3, 5)))
                        .getFirst(),
                MATRIX,
                Shape.SCALAR);
    }

    @Test
    void aLossThatDependsOnASecondOutput() {
        refused(
                "The loss depends on BatchNormInternal (node BatchNormInternal) through an output other than its first, "
                        + "which no rule serves",
                (op, x) -> {
                    List<Value> outputs = op.microsoft(
                            "BatchNormInternal",
                            List.of(x.get(0), x.get(1), x.get(1), ones(op), ones(op)),
                            Map.of("training_mode", Attribute.of(1)),
                            IntStream.range(0, 5)
                                    .mapToObj(i -> Ops.like(x.get(i == 0 ? 0 : 1)))
                                    .toArray(GraphBuilder.Result[]::new));
                    return op.add(outputs.get(0), outputs.get(3));
                },
                MATRIX,
                Shape.of(4));
    }

    private static Value ones(Ops op) {
        return op.constant(Tensor.filled(1, 4));
    }

    private static BiFunction<Ops, List<Value>, Value> node(
            String opType, Map<String, Attribute> attributes, Shape result) {
        return GradientCases.node(opType, attributes, result);
    }

    private static void refused(String message, BiFunction<Ops, List<Value>, Value> build, Shape... shapes) {
        Ops ops = new Ops(new GraphBuilder("refused"));
        List<Value> inputs = IntStream.range(0, shapes.length)
                .mapToObj(i -> ops.graph().input("x" + i, FLOAT, shapes[i]))
                .toList();
        Value y = build.apply(ops, inputs);
        AutodiffException refused = assertThrows(AutodiffException.class, () -> gradients(ops, y, inputs));
        assertEquals(message, refused.getMessage());
    }

    private static Map<Value, Value> gradients(Ops ops, Value y, List<Value> inputs) {
        return Backward.gradients(ops, ops.reduceSum(y, false), inputs, GradientRules.standard(), Device.CPU);
    }
}
