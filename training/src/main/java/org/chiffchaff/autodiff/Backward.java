package org.chiffchaff.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/**
 * Reverse-mode differentiation: walks a graph from its loss to its parameters and appends the gradients' graph. Only
 * the nodes between the two are visited.
 */
public final class Backward {
    private final Ops ops;
    private final GradientRules rules;
    private final Device device;
    private final Map<String, Value> gradients = new HashMap<>();
    private final Set<String> moving = new HashSet<>();

    private Backward(Ops ops, GradientRules rules, Device device) {
        this.ops = ops;
        this.rules = rules;
        this.device = device;
    }

    /**
     * Appends the gradients of a loss.
     *
     * @param loss a scalar of the graph that {@code ops} writes to
     * @param parameters what to differentiate by
     * @return the gradient of each parameter, in their order, of the parameter's shape
     * @throws AutodiffException where an operator on the way has no rule, or a parameter does not move the loss
     */
    public static Map<Value, Value> gradients(
            Ops ops, Value loss, List<Value> parameters, GradientRules rules, Device device) {
        if (loss.shape().rank() != 0) {
            throw new AutodiffException("The loss " + loss + " must be a scalar");
        }
        Backward backward = new Backward(ops, rules, device);
        List<Node> path = backward.path(loss, parameters);
        backward.gradients.put(loss.name(), ops.scalarLike(loss, 1));
        path.reversed().forEach(backward::differentiate);
        Map<Value, Value> result = new LinkedHashMap<>();
        for (Value parameter : parameters) {
            Value gradient = backward.gradients.get(parameter.name());
            if (gradient == null) {
                throw new AutodiffException("The loss " + loss.name() + " does not depend on " + parameter);
            }
            result.put(parameter, gradient);
        }
        return result;
    }

    // The nodes that both depend on a parameter and are needed by the loss, in forward order.
    private List<Node> path(Value loss, List<Value> parameters) {
        parameters.forEach(parameter -> moving.add(parameter.name()));
        List<Node> forward = new ArrayList<>();
        for (Node node : ops.graph().nodes()) {
            if (!rules.constant(node) && node.inputs().stream().anyMatch(this::moves)) {
                node.outputs().stream().filter(Backward::continuous).forEach(output -> moving.add(output.name()));
                forward.add(node);
            }
        }
        Set<String> needed = new HashSet<>(Set.of(loss.name()));
        List<Node> path = new ArrayList<>();
        for (Node node : forward.reversed()) {
            if (node.outputs().stream().anyMatch(output -> needed.contains(output.name()))) {
                node.inputs().stream().map(Value::name).filter(moving::contains).forEach(needed::add);
                path.addFirst(node);
            }
        }
        return path;
    }

    private boolean moves(Value value) {
        return moving.contains(value.name());
    }

    // Whole numbers and truth values move in jumps only: no gradient passes through them.
    private static boolean continuous(Value value) {
        return value.present() && (value.type() == ElementType.FLOAT || value.type() == ElementType.DOUBLE);
    }

    private void differentiate(Node node) {
        List<Value> outputGradients = node.outputs().stream()
                .map(output -> gradients.getOrDefault(output.name(), Value.NONE))
                .toList();
        if (outputGradients.stream().skip(1).anyMatch(Value::present)) {
            throw new AutodiffException("The loss depends on " + node.opType() + " (node " + node.name()
                    + ") through an output other than its first, which no rule serves");
        }
        ops.graph().scope(node.name() + "_grad");
        List<Value> found = rules.of(node).inputGradients(ops, new Forward(node, outputGradients, device));
        if (found.size() != node.inputs().size()) {
            throw new AutodiffException("The rule of " + node.opType() + " gave " + found.size() + " gradients for "
                    + node.inputs().size() + " inputs (node " + node.name() + ")");
        }
        for (int i = 0; i < found.size(); i++) {
            if (moves(node.input(i)) && !found.get(i).present()) {
                throw new AutodiffException("The rule of " + node.opType() + " has no gradient for input " + i
                        + ", found " + node.input(i) + ", which a parameter moves (node " + node.name() + ")");
            }
            accumulate(node.input(i), found.get(i));
        }
        ops.graph().scope("");
    }

    private void accumulate(Value input, Value gradient) {
        if (gradient.present() && input.present()) {
            gradients.merge(input.name(), sumTo(gradient, input.shape()), ops::add);
        }
    }

    // Undoes broadcasting: what was repeated on the way forward is summed on the way back.
    private Value sumTo(Value gradient, Shape shape) {
        int added = gradient.shape().rank() - shape.rank();
        Value summed = added > 0
                ? ops.reduceSum(gradient, false, IntStream.range(0, added).toArray())
                : gradient;
        int[] repeated = IntStream.range(0, shape.rank())
                .filter(axis -> shape.dim(axis) == 1 && summed.shape().dim(axis) != 1)
                .toArray();
        Value result = repeated.length > 0 ? ops.reduceSum(summed, true, repeated) : summed;
        if (!result.shape().equals(shape)) {
            throw new AutodiffException(
                    "A gradient of shape " + gradient.shape() + " does not sum to the input's " + shape);
        }
        return result;
    }
}
