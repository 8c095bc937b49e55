package org.chiffchaff.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Direct memory for the inputs of a session, one buffer per input, used again by call after call: Java frees direct
 * memory only when it collects its heap, which work that is nearly all native hardly fills. One call at a time.
 */
public final class Staging {
    private final Map<String, ByteBuffer> buffers = new HashMap<>();

    /**
     * A native tensor that the caller closes: over the tensor's own memory where that is direct, else over a copy that
     * holds until the next call for this input.
     */
    public OnnxTensor toNative(String input, Tensor tensor) throws OrtException {
        ByteBuffer memory = tensor.memory();
        return OrtTensors.toNative(tensor, memory.isDirect() ? memory : copy(input, memory));
    }

    private ByteBuffer copy(String input, ByteBuffer memory) {
        int bytes = memory.remaining();
        ByteBuffer buffer = buffers.get(input);
        if (buffer == null || buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
            buffers.put(input, buffer);
        }
        return buffer.clear().put(memory).flip();
    }
}
