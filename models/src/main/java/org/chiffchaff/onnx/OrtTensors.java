package org.chiffchaff.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;

/** Tensors across the border to ONNX Runtime. */
public final class OrtTensors {
    private OrtTensors() {}

    /** A native tensor of that type and shape over direct memory; the caller closes it. */
    static OnnxTensor toNative(Tensor tensor, ByteBuffer direct) throws OrtException {
        return OnnxTensor.createTensor(
                OrtLibrary.environment(), direct, tensor.shape().toArray(), javaType(tensor.type()));
    }

    /** A copy in Java's memory; the native tensor may be closed afterwards. */
    public static Tensor toJava(OnnxTensor tensor) {
        ElementType type = elementType(tensor.getInfo().type);
        // Booleans and doubles come with buffers of their own; all of them give up their bytes here.
        ByteBuffer bytes = tensor.getByteBuffer();
        return Tensor.of(type, Shape.of(tensor.getInfo().getShape()), bytes);
    }

    private static OnnxJavaType javaType(ElementType type) {
        return switch (type) {
            case FLOAT -> OnnxJavaType.FLOAT;
            case INT64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
            case DOUBLE -> OnnxJavaType.DOUBLE;
        };
    }

    private static ElementType elementType(OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> ElementType.FLOAT;
            case INT64 -> ElementType.INT64;
            case BOOL -> ElementType.BOOL;
            case DOUBLE -> ElementType.DOUBLE;
            default -> throw new OnnxException("ONNX Runtime returned a tensor of type " + type);
        };
    }
}
