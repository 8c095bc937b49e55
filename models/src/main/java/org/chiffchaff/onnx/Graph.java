package org.chiffchaff.onnx;

import java.util.List;
import java.util.Map;

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
        constants = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(constants));
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
