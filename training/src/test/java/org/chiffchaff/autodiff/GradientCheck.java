package org.chiffchaff.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * Gradients against central differences: the change of the loss along a random direction v must be the gradient's
 * product with v. One number per input, no Jacobian, after autograd's check_vjp.
 */
final class GradientCheck implements AutoCloseable {
    private final GradientCase test;
    private final List<double[]> inputs = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();
    private final OnnxModel model;
    private final Tensor weights;
    private final SplittableRandom random;

    private GradientCheck(GradientCase test, Device device, long batch, long seed) {
        this.test = test;
        this.random = new SplittableRandom(seed);
        for (Shape shape : test.shapes()) {
            Shape sized = shape.dynamic() ? shape.with(0, batch) : shape;
            shapes.add(sized);
            inputs.add(test.range().draw((int) sized.elements(), random));
        }
        Shape shape = outputShape();
        this.weights = test.tensor(random.doubles(shape.elements(), -1, 1).toArray(), shape);
        this.model = model(device);
    }

    /** Fails where a gradient of the case, with that many examples in a batch, is not the loss's slope. */
    static void run(GradientCase test, Device device, long batch, long seed) {
        try (GradientCheck check = new GradientCheck(test, device, batch, seed)) {
            check.compare("of " + test + ", batch " + batch + ", seed " + seed);
        }
    }

    private void compare(String what) {
        List<Tensor> outputs = run(inputs);
        assertEquals(1 + inputs.size(), outputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            String gradient = "gradient " + i + " " + what;
            assertEquals(shapes.get(i), outputs.get(1 + i).shape(), gradient);
            compare(outputs.get(1 + i).doubles(), i, gradient);
        }
    }

    private void compare(double[] gradient, int input, String what) {
        double[] direction =
                random.doubles(gradient.length).map(u -> u < 0.5 ? -1 : 1).toArray();
        double scale = Math.max(Math.sqrt(dot(gradient, gradient)), 1e-3);
        double tolerance = test.type() == ElementType.DOUBLE ? 1e-7 : 1e-3;
        assertEquals(slope(input, direction), dot(gradient, direction), tolerance * scale, what);
    }

    // What ONNX Runtime makes of the operator, which must be what the graph says of it.
    private Shape outputShape() {
        GraphBuilder graph = new GraphBuilder("forward");
        Ops ops = new Ops(graph);
        Value y = test.build().apply(ops, declare(graph));
        graph.output("y", ops.identity(y));
        try (OnnxModel forward = OnnxModel.load(graph.build(), 1)) {
            Shape found = forward.run(tensors(inputs).toArray(Tensor[]::new))
                    .getFirst()
                    .shape();
            String what = test + " yields " + found + ", the graph says " + y.shape();
            assertEquals(y.shape().rank(), found.rank(), what);
            for (int axis = 0; axis < found.rank(); axis++) {
                long said = y.shape().dim(axis);
                assertTrue(said == Shape.DYNAMIC || said == found.dim(axis), what);
            }
            return found;
        }
    }

    private List<Value> declare(GraphBuilder graph) {
        List<Value> values = new ArrayList<>();
        for (Shape shape : test.shapes()) {
            values.add(graph.input("x" + values.size(), test.type(), shape));
        }
        return values;
    }

    // Inputs and weights -> loss = sum(weights * y), gradient of each input.
    private OnnxModel model(Device device) {
        GraphBuilder graph = new GraphBuilder("check");
        Ops ops = new Ops(graph);
        List<Value> moving = declare(graph);
        Value y = test.build().apply(ops, moving);
        Value weighted = ops.mul(y, graph.input("weights", test.type(), y.shape()));
        int[] axes = IntStream.range(0, y.shape().rank()).toArray();
        Value loss = axes.length == 0 ? weighted : ops.reduceSum(weighted, false, axes);
        Map<Value, Value> gradients = Backward.gradients(ops, loss, moving, GradientRules.standard(), device);
        graph.output("loss", loss);
        moving.forEach(input -> graph.output("gradient of " + input.name(), ops.identity(gradients.get(input))));
        return OnnxModel.load(graph.build(), 1);
    }

    private List<Tensor> run(List<double[]> values) {
        List<Tensor> tensors = tensors(values);
        tensors.add(weights);
        return model.run(tensors.toArray(Tensor[]::new));
    }

    private List<Tensor> tensors(List<double[]> values) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            tensors.add(test.tensor(values.get(i), shapes.get(i)));
        }
        return tensors;
    }

    // Fourth order, so that the step may be large enough for single precision.
    private double slope(int moved, double[] direction) {
        double step = test.type() == ElementType.DOUBLE ? 1e-3 : 1e-2;
        double near = loss(moved, direction, step) - loss(moved, direction, -step);
        double far = loss(moved, direction, 2 * step) - loss(moved, direction, -2 * step);
        return (8 * near - far) / (12 * step);
    }

    private double loss(int moved, double[] direction, double by) {
        List<double[]> shifted = new ArrayList<>(inputs);
        double[] values = inputs.get(moved).clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += by * direction[i];
        }
        shifted.set(moved, values);
        return run(shifted).getFirst().doubles()[0];
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Override
    public void close() {
        model.close();
    }
}
