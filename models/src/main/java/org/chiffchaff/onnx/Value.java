package org.chiffchaff.onnx;

/**
 * One edge of a graph: what a node yields and others take.
 *
 * @param name unique in its graph; empty only for {@link #NONE}
 */
public record Value(String name, ElementType type, Shape shape) {
    /**
     * An optional input or output left out, and the gradient of an input that has none. ONNX spells it as the empty
     * name.
     */
    public static final Value NONE = new Value("", ElementType.FLOAT, Shape.SCALAR);

    public boolean present() {
        return !name.isEmpty();
    }

    Value named(String newName) {
        return new Value(newName, type, shape);
    }

    @Override
    public String toString() {
        return present() ? name + ": " + type + shape : "none";
    }
}
