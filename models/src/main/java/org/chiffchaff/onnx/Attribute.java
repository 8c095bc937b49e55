package org.chiffchaff.onnx;

import java.util.List;

/** A constant of a node. As text, it is its value. */
public sealed interface Attribute {
    record IntValue(long value) implements Attribute {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    record IntList(List<Long> values) implements Attribute {
        public IntList {
            values = List.copyOf(values);
        }

        @Override
        public String toString() {
            return values.toString();
        }
    }

    record FloatValue(float value) implements Attribute {
        @Override
        public String toString() {
            return Float.toString(value);
        }
    }

    record Text(String value) implements Attribute {
        @Override
        public String toString() {
            return value;
        }
    }

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
