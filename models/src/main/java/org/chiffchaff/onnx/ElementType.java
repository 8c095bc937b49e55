package org.chiffchaff.onnx;

/** The element types our graphs use, with their codes in ONNX's {@code TensorProto.DataType}. */
public enum ElementType {
    FLOAT(1, Float.BYTES),
    INT64(7, Long.BYTES),
    BOOL(9, 1),
    DOUBLE(11, Double.BYTES);

    private final int code;
    private final int bytes;

    ElementType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The number ONNX files use for this type. */
    public int code() {
        return code;
    }

    /** Bytes per element. */
    public int bytes() {
        return bytes;
    }

    /**
     * The type with an ONNX code.
     *
     * @throws OnnxException for a type our graphs do not speak
     */
    public static ElementType of(int code) {
        for (ElementType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new OnnxException("Tensor element type " + code + " is not one of float, int64, bool and double");
    }
}
