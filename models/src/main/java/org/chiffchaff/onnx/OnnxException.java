package org.chiffchaff.onnx;

/** A graph that cannot be built, read or run. The message says what, what was found, what was expected and where. */
public final class OnnxException extends RuntimeException {
    public OnnxException(String message) {
        super(message);
    }

    public OnnxException(String message, Throwable cause) {
        super(message, cause);
    }
}
