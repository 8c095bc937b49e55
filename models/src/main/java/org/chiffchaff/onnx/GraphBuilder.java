package org.chiffchaff.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The only mutable graph: takes inputs, parameters, constants and nodes, gives each a unique name, and refuses values
 * of other graphs. Operators are applied through {@link Ops}. Not thread-safe.
 */
public final class GraphBuilder {
    private final String name;
    private final Map<String, Value> values = new HashMap<>();
    private final Set<String> nodeNames = new HashSet<>();
    private final Map<String, Integer> counters = new HashMap<>();
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, String> renamed = new HashMap<>();
    private String scope = "";

    public GraphBuilder(String name) {
        this.name = name;
    }

    /** Names of nodes and values made from here on start with {@code scope/}. */
    public GraphBuilder scope(String newScope) {
        this.scope = newScope.isEmpty() ? "" : newScope + "/";
        return this;
    }

    public Value input(String inputName, ElementType type, Shape shape) {
        Value value = declare(inputName, type, shape);
        inputs.add(value);
        return value;
    }

    public Value parameter(String parameterName, Tensor initial, boolean trainable) {
        Value value = declare(parameterName, initial.type(), initial.shape());
        parameters.put(parameterName, new Parameter(value, initial, trainable));
        return value;
    }

    public Value constant(String hint, Tensor tensor) {
        Value value = declare(unique(hint, values.keySet()), tensor.type(), tensor.shape());
        constants.put(value.name(), tensor);
        return value;
    }

    /** Makes a value an output of the graph, under a name of its own. */
    public void output(String outputName, Value value) {
        Value own = own(value);
        if (constants.containsKey(own.name())
                || parameters.containsKey(own.name())
                || inputs.contains(own)
                || renamed.containsKey(own.name())) {
            throw new OnnxException("Graph " + name + ": " + own + " cannot be the output " + outputName
                    + ", only what a node yields can, once");
        }
        if (!own.name().equals(outputName)) {
            declare(outputName, own.type(), own.shape());
            renamed.put(own.name(), outputName);
        }
        outputs.add(own);
    }

    /** The values made so far that are parameters, in the order they were made. */
    public List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /** The nodes so far, in order. */
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /**
     * The content of a value known now.
     *
     * @throws OnnxException where the value is not a constant
     */
    public Tensor constantOf(Value value) {
        Tensor tensor = constants.get(value.name());
        if (tensor == null) {
            throw new OnnxException("Graph " + name + ": " + value + " must be a constant");
        }
        return tensor;
    }

    /** The scalar type and shape an output is to have. */
    public record Result(ElementType type, Shape shape) {}

    /**
     * Adds a node. An output whose result is {@code null} is left out, as the empty name.
     *
     * @return one value per result, {@link Value#NONE} for those left out
     */
    List<Value> node(
            String domain,
            String opType,
            List<Value> nodeInputs,
            List<Result> results,
            Map<String, Attribute> attributes) {
        String nodeName = unique(opType, nodeNames);
        nodeNames.add(nodeName);
        List<Value> nodeOutputs = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            Result result = results.get(i);
            nodeOutputs.add(
                    result.equals(ABSENT)
                            ? Value.NONE
                            : declare(freeValueName(nodeName, i), result.type(), result.shape()));
        }
        List<Value> own = nodeInputs.stream().map(this::own).toList();
        nodes.add(new Node(domain, opType, nodeName, own, nodeOutputs, attributes));
        return List.copyOf(nodeOutputs);
    }

    /** Stands for an optional output that is not wanted. */
    static final Result ABSENT = new Result(ElementType.BOOL, Shape.of(0));

    /** How {@link #inline} carries a node of another graph over. */
    @FunctionalInterface
    public interface NodeCopy {
        /**
         * @param node the node as it stands in the other graph
         * @param inputs its inputs in this graph
         * @return its outputs in this graph
         */
        List<Value> copy(Node node, List<Value> inputs);
    }

    /**
     * Copies another graph into this one. Its parameters and constants come along under their own names.
     *
     * @param arguments what its inputs are bound to, in their order
     * @return its outputs, by their names there
     */
    public Map<String, Value> inline(Graph graph, List<Value> arguments, NodeCopy copy) {
        if (arguments.size() != graph.inputs().size()) {
            throw new OnnxException("Graph " + graph.name() + " takes " + graph.inputs() + ", found " + arguments);
        }
        Map<String, Value> bound = new HashMap<>(Map.of("", Value.NONE));
        for (int i = 0; i < arguments.size(); i++) {
            bound.put(graph.inputs().get(i).name(), arguments.get(i));
        }
        graph.parameters()
                .forEach(each -> bound.put(each.name(), parameter(each.name(), each.initial(), each.trainable())));
        graph.constants().forEach((hint, tensor) -> bound.put(hint, constant(hint, tensor)));
        for (Node node : graph.nodes()) {
            List<Value> there = node.outputs();
            List<Value> here = copy.copy(
                    node,
                    node.inputs().stream().map(each -> bound.get(each.name())).toList());
            for (int i = 0; i < there.size(); i++) {
                bound.put(there.get(i).name(), here.get(i));
            }
        }
        Map<String, Value> results = new LinkedHashMap<>();
        graph.outputs().forEach(output -> results.put(output.name(), bound.get(output.name())));
        return results;
    }

    /** {@link #inline(Graph, List, NodeCopy)} with every node as it is. */
    public Map<String, Value> inline(Graph graph, List<Value> arguments) {
        return inline(graph, arguments, this::copy);
    }

    /** Adds a node like one of another graph. */
    public List<Value> copy(Node node, List<Value> nodeInputs) {
        List<Result> results = node.outputs().stream()
                .map(output -> output.present() ? new Result(output.type(), output.shape()) : ABSENT)
                .toList();
        return node(node.domain(), node.opType(), nodeInputs, results, node.attributes());
    }

    /** The graph, with its outputs under their names and without nodes that no output needs. */
    public Graph build() {
        List<Node> kept = LiveNodes.of(nodes, outputs);
        Set<String> used = new HashSet<>();
        kept.forEach(node -> node.inputs().forEach(input -> used.add(input.name())));
        Map<String, Tensor> usedConstants = new LinkedHashMap<>(constants);
        usedConstants.keySet().retainAll(used);
        List<Node> named = kept.stream()
                .map(node -> new Node(
                        node.domain(),
                        node.opType(),
                        node.name(),
                        named(node.inputs()),
                        named(node.outputs()),
                        node.attributes()))
                .toList();
        return new Graph(name, inputs, named(outputs), List.copyOf(parameters.values()), usedConstants, named);
    }

    private List<Value> named(List<Value> list) {
        return list.stream()
                .map(value -> value.named(renamed.getOrDefault(value.name(), value.name())))
                .toList();
    }

    private Value own(Value value) {
        if (value.present() && !value.equals(values.get(value.name()))) {
            throw new OnnxException("Graph " + name + " was given " + value + ", which belongs to another graph");
        }
        return value;
    }

    private Value declare(String valueName, ElementType type, Shape shape) {
        Value value = new Value(valueName, type, shape);
        if (valueName.isEmpty() || values.putIfAbsent(valueName, value) != null) {
            throw new OnnxException("Graph " + name + " already has a value named '" + valueName + "'");
        }
        return value;
    }

    private String freeValueName(String nodeName, int output) {
        return unique(nodeName.substring(scope.length()) + (output == 0 ? "" : ":" + output), values.keySet());
    }

    // "MatMul", "MatMul_2", "MatMul_3": readable in any viewer, and the same at every build.
    private String unique(String hint, Set<String> taken) {
        String base = hint.startsWith(scope) ? hint : scope + hint;
        String candidate = base;
        while (taken.contains(candidate)) {
            candidate = base + "_" + counters.merge(base, 1, Integer::sum);
        }
        return candidate;
    }
}
