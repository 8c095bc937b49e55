package org.chiffchaff.onnx;

import java.util.List;

/** A constant of a node. */
public sealed interface Attribute {
    record IntValue(long value) implements Attribute {}

    record IntList(List<Long> values) implements Attribute {
        public IntList {
            values = List.copyOf(values);
        }
    }

    record FloatValue(float value) implements Attribute {}

    record Text(String value) implements Attribute {}

    static Attribute of(String value) {
        return new Text(value);
    }

    static Attribute of(long value) {
        return new IntValue(value);
    }

    static Attribute of(float value) {
        return new FloatValue(value);
    }

    static Attribute of(List<Long> values) {
        return new IntList(values);
    }
}
