package org.chiffchaff.autodiff;

import static org.chiffchaff.onnx.ElementType.FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chiffchaff.onnx.Attribute;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule against central differences, and what the table says of itself. */
class GradientRulesTest {
    private static final List<Device> DEVICES = List.of(Device.CPU, Device.Cuda.of(0));
    private static final GradientRules RULES = GradientRules.standard();
    private static final long SEED = 7;

    @Test
    void everyRuleHasACase() {
        Set<String> checked =
                GradientCases.all().stream().map(GradientCase::opType).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(RULES.opTypes(), checked);
    }

    @Test
    void everyRuleRefusesAnAttributeItDoesNotKnow() {
        for (String opType : RULES.opTypes()) {
            int dot = opType.lastIndexOf('.');
            String domain = dot < 0 ? "" : opType.substring(0, dot);
            String name = opType.substring(dot + 1);
            Node node = new Node(domain, name, "odd", List.of(), List.of(), Map.of("chirp", Attribute.of(3)));
            Set<String> known = RULES.attributes(opType);
            AutodiffException refused = assertThrows(AutodiffException.class, () -> RULES.of(node), opType);
            assertEquals(
                    name + " (node odd): found the attribute chirp = 3; the gradient rule knows "
                            + (known.isEmpty() ? "no attributes" : String.join(", ", known)),
                    refused.getMessage());
        }
    }

    @Test
    void everyAttributeThatARuleKnowsIsSetInACase() {
        Map<String, Set<String>> known = new TreeMap<>();
        RULES.opTypes().forEach(opType -> known.put(opType, RULES.attributes(opType)));
        Map<String, Set<String>> set = new TreeMap<>();
        RULES.opTypes().forEach(opType -> set.put(opType, new TreeSet<>()));
        for (GradientCase test : GradientCases.all()) {
            GraphBuilder graph = new GraphBuilder("forward");
            List<Value> inputs = inputs(graph, test);
            assertTrue(test.build().apply(new Ops(graph), inputs).present());
            graph.nodes().stream()
                    .filter(node -> GradientRules.name(node).equals(test.opType()))
                    .forEach(node ->
                            set.get(test.opType()).addAll(node.attributes().keySet()));
        }
        assertEquals(known, set);
    }

    // Each of these has a CUDA kernel in ONNX Runtime 1.24; MaxPoolGrad, AveragePoolGrad and others have none.
    @Test
    void onCudaOnlyOperatorsWithKernelsThereAreUsed() {
        Set<String> found = new TreeSet<>();
        for (GradientCase test : GradientCases.all()) {
            Ops ops = new Ops(new GraphBuilder("cuda"));
            List<Value> inputs = inputs(ops.graph(), test);
            Value loss = ops.reduceSum(test.build().apply(ops, inputs), false);
            Map<Value, Value> gradients = Backward.gradients(ops, loss, inputs, RULES, Device.Cuda.of(0));
            gradients.forEach(
                    (input, gradient) -> ops.graph().output("gradient of " + input.name(), ops.identity(gradient)));
            ops.graph().build().nodes().stream()
                    .filter(node -> node.name().contains("_grad/"))
                    .forEach(node -> found.add(GradientRules.name(node)));
        }
        Set<String> kernels = new TreeSet<>(Set.of(
                "Add",
                "AveragePool",
                "Cast",
                "Concat",
                "Div",
                "Equal",
                "Exp",
                "Expand",
                "Greater",
                "Log",
                "MatMul",
                "Mul",
                "Neg",
                "OneHot",
                "Pad",
                "Pow",
                "ReduceSum",
                "Reshape",
                "Resize",
                "Shape",
                "Sign",
                "Slice",
                "Sqrt",
                "Sub",
                "Transpose",
                "Unsqueeze",
                "Where"));
        Set.of("BatchNormalizationGrad", "ConvGrad", "FusedMatMul", "ReluGrad", "SliceGrad")
                .forEach(opType -> kernels.add("com.microsoft." + opType));
        assertEquals(kernels, found);
    }

    private static List<Value> inputs(GraphBuilder graph, GradientCase test) {
        return IntStream.range(0, test.shapes().size())
                .mapToObj(i -> graph.input("x" + i, test.type(), test.shapes().get(i)))
                .toList();
    }

    static Stream<Arguments> casesOnEveryDevice() {
        return GradientCases.all().stream()
                .flatMap(each -> DEVICES.stream()
                        .flatMap(device -> each.batches().stream().map(batch -> Arguments.of(each, device, batch))));
    }

    @ParameterizedTest(name = "{0} for {1}, batch {2}")
    @MethodSource("casesOnEveryDevice")
    void agreesWithCentralDifferences(GradientCase test, Device device, long batch) {
        GradientCheck.run(test, device, batch, SEED);
    }

    @Test
    void dropoutInTrainingPassesGradientsWhereItsMaskPassedValues() {
        GraphBuilder graph = new GraphBuilder("dropout");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", FLOAT, Shape.of(1000));
        List<Value> dropped = ops.dropoutTraining(x, ops.constant(Tensor.scalar(0.25f)));
        Value loss = ops.reduceSum(dropped.getFirst(), false, 0);
        Value gradient =
                Backward.gradients(ops, loss, List.of(x), RULES, Device.CPU).get(x);
        graph.output("y", dropped.getFirst());
        graph.output("dx", gradient);
        try (OnnxModel model = OnnxModel.load(graph.build(), 1)) {
            List<Tensor> outputs = model.run(Tensor.filled(1, 1000));
            float[] y = outputs.get(0).floats();
            assertArrayEquals(y, outputs.get(1).floats(), 0);
            long kept = java.util.stream.IntStream.range(0, 1000)
                    .filter(i -> y[i] == 1 / 0.75f)
                    .count();
            assertTrue(kept > 650 && kept < 850, "kept " + kept + " of 1000 at a ratio of 0.25");
        }
    }

    @Test
    void equalMaximaOfTilesShareTheGradient() {
        float third = 1 / 3f;
        float[] expected = {third, third, 0.5f, 0, 0, third, 0.5f, 0};
        assertArrayEquals(expected, gradientOfTies((op, x) -> op.maxPool(x, 2)), 1e-6f);
    }

    // Three positions side by side; the 3s share the first, a 3 and a 5 stand in the second.
    @Test
    void equalMaximaOfOverlappingKernelsShareTheGradient() {
        float third = 1 / 3f;
        Map<String, Attribute> attributes = Map.of("kernel_shape", Attribute.of(List.of(2L, 2L)));
        float[] expected = {third, third, 1, 0, 0, third, 1, 0};
        assertArrayEquals(
                expected,
                gradientOfTies((op, x) -> op.node(
                                "", "MaxPool", List.of(x), attributes, Ops.result(FLOAT, Shape.of(1, 1, 1, 3)))
                        .getFirst()),
                1e-6f);
    }

    private static float[] gradientOfTies(BiFunction<Ops, Value, Value> pool) {
        GraphBuilder graph = new GraphBuilder("ties");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", FLOAT, Shape.of(1, 1, 2, 4));
        Value loss = ops.reduceSum(pool.apply(ops, x), false);
        graph.output(
                "dx",
                Backward.gradients(ops, loss, List.of(x), RULES, Device.CPU).get(x));
        try (OnnxModel model = OnnxModel.load(graph.build(), 1)) {
            return model.run(Tensor.of(new float[] {3, 3, 5, 1, 0, 3, 5, 1}, 1, 1, 2, 4))
                    .getFirst()
                    .floats();
        }
    }

    @Test
    void anOperatorWithoutARuleIsNamedWithItsNode() {
        Ops ops = new Ops(new GraphBuilder("missing"));
        Value x = ops.graph().input("x", FLOAT, Shape.of(1, 1, 4, 4));
        Value loss = ops.reduceSum(ops.upsample(x, 2), false, 0, 1, 2, 3);
        AutodiffException refused = assertThrows(
                AutodiffException.class, () -> Backward.gradients(ops, loss, List.of(x), RULES, Device.CPU));
        assertEquals(
                "No gradient rule for Resize (node Resize); there are rules for " + String.join(", ", RULES.opTypes()),
                refused.getMessage());
    }

    @Test
    void aParameterTheLossNeverMeetsIsNamed() {
        Ops ops = new Ops(new GraphBuilder("apart"));
        Value x = ops.graph().input("x", FLOAT, Shape.of(2));
        Value apart = ops.graph().input("apart", FLOAT, Shape.of(2));
        Value loss = ops.reduceSum(x, false, 0);
        AutodiffException refused = assertThrows(
                AutodiffException.class, () -> Backward.gradients(ops, loss, List.of(x, apart), RULES, Device.CPU));
        assertEquals("The loss ReduceSum does not depend on apart: FLOAT[2]", refused.getMessage());
    }

    @Test
    void aSecondRuleForAnOperatorIsRefused() {
        GradientRules.Table table = new GradientRules.Table();
        ElementwiseRules.add(table);
        AutodiffException refused = assertThrows(AutodiffException.class, () -> ElementwiseRules.add(table));
        assertEquals("Two gradient rules for Identity", refused.getMessage());
    }
}
