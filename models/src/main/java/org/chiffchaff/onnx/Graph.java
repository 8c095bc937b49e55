package org.chiffchaff.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A whole graph, immutable.
 *
 * @param nodes in an order in which each node follows those it takes values from
 * @param constants tensors that are part of the graph's meaning and never change, by name
 */
public record Graph(
        String name,
        List<Value> inputs,
        List<Value> outputs,
        List<Parameter> parameters,
        Map<String, Tensor> constants,
        List<Node> nodes) {
    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        parameters = List.copyOf(parameters);
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        nodes = List.copyOf(nodes);
    }

    /** The number of trainable numbers in this graph. */
    public long parameterCount() {
        return parameters.stream()
                .filter(Parameter::trainable)
                .mapToLong(parameter -> parameter.value().shape().elements())
                .sum();
    }

    /**
     * This graph with other values in some of its parameters.
     *
     * @throws OnnxException where a name is no parameter of this graph
     */
    public Graph withParameters(Map<String, Tensor> values) {
        Set<String> unknown = new TreeSet<>(values.keySet());
        parameters.forEach(parameter -> unknown.remove(parameter.name()));
        if (!unknown.isEmpty()) {
            throw new OnnxException("Graph " + name + " has no parameters " + unknown);
        }
        List<Parameter> changed = parameters.stream()
                .map(parameter -> new Parameter(
                        parameter.value(),
                        values.getOrDefault(parameter.name(), parameter.initial()),
                        parameter.trainable()))
                .toList();
        return new Graph(name, inputs, outputs, changed, constants, nodes);
    }

    /**
     * The output of that name.
     *
     * @throws OnnxException where there is none
     */
    public Value output(String output) {
        return find(outputs, output, "output");
    }

    /**
     * The input of that name.
     *
     * @throws OnnxException where there is none
     */
    public Value input(String input) {
        return find(inputs, input, "input");
    }

    private Value find(List<Value> values, String wanted, String kind) {
        return values.stream()
                .filter(value -> value.name().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new OnnxException("Graph " + name + " has no " + kind + " " + wanted + "; it has " + values));
    }
}
