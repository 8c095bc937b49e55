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

    /**
     * The list attribute of that name, or the given default.
     *
     * @throws OnnxException where the attribute is of another kind
     */
    public List<Long> ints(String attribute, List<Long> otherwise) {
        return switch (attributes.get(attribute)) {
            case null -> otherwise;
            case Attribute.IntList(List<Long> values) -> values;
            case Attribute other -> throw unexpected(attribute, other, "a list of whole numbers");
        };
    }

    /**
     * The whole-number attribute of that name, or the given default.
     *
     * @throws OnnxException where the attribute is of another kind
     */
    public long integer(String attribute, long otherwise) {
        return switch (attributes.get(attribute)) {
            case null -> otherwise;
            case Attribute.IntValue(long value) -> value;
            case Attribute other -> throw unexpected(attribute, other, "a whole number");
        };
    }

    /**
     * The float attribute of that name, or the given default.
     *
     * @throws OnnxException where the attribute is of another kind
     */
    public float number(String attribute, float otherwise) {
        return switch (attributes.get(attribute)) {
            case null -> otherwise;
            case Attribute.FloatValue(float value) -> value;
            case Attribute other -> throw unexpected(attribute, other, "a float");
        };
    }

    /**
     * The text attribute of that name, or the given default.
     *
     * @throws OnnxException where the attribute is of another kind
     */
    public String text(String attribute, String otherwise) {
        return switch (attributes.get(attribute)) {
            case null -> otherwise;
            case Attribute.Text(String value) -> value;
            case Attribute other -> throw unexpected(attribute, other, "text");
        };
    }

    private OnnxException unexpected(String attribute, Attribute found, String expected) {
        return new OnnxException(
                opType + " (node " + name + "): attribute " + attribute + " is " + found + "; expected " + expected);
    }
}
