package org.chiffchaff.onnx;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One operator applied.
 *
 * @param domain empty for ONNX's own operators
 * @param attributes by name, in the order of the names so that files are repeatable
 */
public record Node(
        String domain,
        String opType,
        String name,
        List<Value> inputs,
        List<Value> outputs,
        Map<String, Attribute> attributes) {
    /** ONNX Runtime's own operators. */
    public static final String MICROSOFT = "com.microsoft";

    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = java.util.Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    public Value input(int index) {
        return index < inputs.size() ? inputs.get(index) : Value.NONE;
    }

    public Value output(int index) {
        return index < outputs.size() ? outputs.get(index) : Value.NONE;
    }

    /** The list attribute of that name, or the given default. */
    public List<Long> ints(String attribute, List<Long> otherwise) {
        return attributes.get(attribute) instanceof Attribute.IntList(List<Long> values) ? values : otherwise;
    }

    /** The whole-number attribute of that name, or the given default. */
    public long integer(String attribute, long otherwise) {
        return attributes.get(attribute) instanceof Attribute.IntValue(long value) ? value : otherwise;
    }

    /** The float attribute of that name, or the given default. */
    public float number(String attribute, float otherwise) {
        return attributes.get(attribute) instanceof Attribute.FloatValue(float value) ? value : otherwise;
    }
}
