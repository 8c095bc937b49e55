package org.chiffchaff.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule against central differences: the change of the loss along a random direction v must be the gradient's
 * product with v. One number per input, no Jacobian, after autograd's check_vjp.
 */
class GradientRulesTest {
    private static final GradientRules RULES = GradientRules.standard();
    private static final long SEED = 7;

    @Test
    void everyRuleHasACase() {
        Set<String> checked =
                GradientCases.all().stream().map(GradientCase::opType).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(RULES.opTypes(), checked);
    }

    static Stream<Arguments> casesOnEveryTarget() {
        return GradientCases.all().stream()
                .flatMap(each -> Stream.of(Target.values()).map(target -> Arguments.of(each, target)));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("casesOnEveryTarget")
    void agreesWithCentralDifferences(GradientCase test, Target target) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<double[]> inputs = new ArrayList<>();
        for (Shape shape : test.shapes()) {
            inputs.add(test.range().draw((int) shape.elements(), random));
        }
        try (OnnxModel model = model(test, target, random)) {
            List<Tensor> outputs = run(model, test, inputs);
            int moving = outputs.size() - 1;
            for (int i = 0; i < moving; i++) {
                double[] gradient = outputs.get(1 + i).doubles();
                double[] direction = random.doubles(gradient.length)
                        .map(u -> u < 0.5 ? -1 : 1)
                        .toArray();
                double expected = slope(model, test, inputs, i, direction);
                double found = dot(gradient, direction);
                double scale = Math.max(Math.sqrt(dot(gradient, gradient)), 1e-3);
                double tolerance = test.type() == ElementType.DOUBLE ? 1e-7 : 1e-3;
                assertEquals(expected, found, tolerance * scale, "input " + i + " of " + test + ", seed " + SEED);
            }
        }
    }

    // Inputs -> loss = sum(weights * y), gradient of each input.
    private static OnnxModel model(GradientCase test, Target target, SplittableRandom random) {
        GraphBuilder graph = new GraphBuilder("check");
        Ops ops = new Ops(graph);
        List<Value> inputs = new ArrayList<>();
        for (Shape shape : test.shapes()) {
            inputs.add(graph.input("x" + inputs.size(), test.type(), shape));
        }
        Value y = test.build().apply(ops, inputs);
        double[] weights = random.doubles(y.shape().elements(), -1, 1).toArray();
        Value weighted = ops.mul(y, ops.constant(test.tensor(weights, y.shape())));
        int[] axes = new int[y.shape().rank()];
        for (int axis = 0; axis < axes.length; axis++) {
            axes[axis] = axis;
        }
        Value loss = axes.length == 0 ? weighted : ops.reduceSum(weighted, false, axes);
        // The second input of Expand is only its size.
        List<Value> moving = test.opType().equals("Expand") ? inputs.subList(0, 1) : inputs;
        Map<Value, Value> gradients = Backward.gradients(ops, loss, moving, RULES, target);
        graph.output("loss", loss);
        int number = 0;
        for (Value gradient : gradients.values()) {
            graph.output("gradient" + number++, ops.identity(gradient));
        }
        return OnnxModel.load(graph.build(), 1);
    }

    private static List<Tensor> run(OnnxModel model, GradientCase test, List<double[]> inputs) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            tensors.add(test.tensor(inputs.get(i), test.shapes().get(i)));
        }
        // Running statistics, where the operator takes them.
        while (tensors.size() < model.inputs().size()) {
            tensors.add(Tensor.filled(1, 3));
        }
        return model.run(tensors.toArray(Tensor[]::new));
    }

    // Fourth order, so that the step may be large enough for single precision.
    private static double slope(
            OnnxModel model, GradientCase test, List<double[]> inputs, int moved, double[] direction) {
        double step = test.type() == ElementType.DOUBLE ? 1e-3 : 1e-2;
        double near =
                loss(model, test, inputs, moved, direction, step) - loss(model, test, inputs, moved, direction, -step);
        double far = loss(model, test, inputs, moved, direction, 2 * step)
                - loss(model, test, inputs, moved, direction, -2 * step);
        return (8 * near - far) / (12 * step);
    }

    private static double loss(
            OnnxModel model, GradientCase test, List<double[]> inputs, int moved, double[] direction, double by) {
        List<double[]> shifted = new ArrayList<>(inputs);
        double[] values = inputs.get(moved).clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += by * direction[i];
        }
        shifted.set(moved, values);
        return run(model, test, shifted).getFirst().doubles()[0];
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void dropoutInTrainingPassesGradientsWhereItsMaskPassedValues() {
        GraphBuilder graph = new GraphBuilder("dropout");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(1000));
        List<Value> dropped = ops.dropoutTraining(x, ops.constant(Tensor.scalar(0.25f)));
        Value loss = ops.reduceSum(dropped.getFirst(), false, 0);
        Value gradient =
                Backward.gradients(ops, loss, List.of(x), RULES, Target.CPU).get(x);
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
    void equalMaximaShareTheGradient() {
        GraphBuilder graph = new GraphBuilder("ties");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(1, 1, 2, 4));
        Value loss = ops.reduceSum(ops.maxPool(x, 2), false, 0, 1, 2, 3);
        graph.output(
                "dx",
                Backward.gradients(ops, loss, List.of(x), RULES, Target.CPU).get(x));
        try (OnnxModel model = OnnxModel.load(graph.build(), 1)) {
            float[] dx = model.run(Tensor.of(new float[] {3, 3, 5, 1, 0, 3, 5, 1}, 1, 1, 2, 4))
                    .getFirst()
                    .floats();
            float third = 1 / 3f;
            assertArrayEquals(new float[] {third, third, 0.5f, 0, 0, third, 0.5f, 0}, dx, 1e-6f);
        }
    }

    @Test
    void anOperatorWithoutARuleIsNamedWithItsNode() {
        Ops ops = new Ops(new GraphBuilder("missing"));
        Value x = ops.graph().input("x", ElementType.FLOAT, Shape.of(1, 1, 4, 4));
        Value loss = ops.reduceSum(ops.upsample(x, 2), false, 0, 1, 2, 3);
        AutodiffException refused = assertThrows(
                AutodiffException.class, () -> Backward.gradients(ops, loss, List.of(x), RULES, Target.CPU));
        assertEquals(
                "No gradient rule for Resize (node Resize); there are rules for " + String.join(", ", RULES.opTypes()),
                refused.getMessage());
    }

    @Test
    void aParameterTheLossNeverMeetsIsNamed() {
        Ops ops = new Ops(new GraphBuilder("apart"));
        Value x = ops.graph().input("x", ElementType.FLOAT, Shape.of(2));
        Value apart = ops.graph().input("apart", ElementType.FLOAT, Shape.of(2));
        Value loss = ops.reduceSum(x, false, 0);
        AutodiffException refused = assertThrows(
                AutodiffException.class, () -> Backward.gradients(ops, loss, List.of(x, apart), RULES, Target.CPU));
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
