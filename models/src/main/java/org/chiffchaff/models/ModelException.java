package org.chiffchaff.models;

/** A model or model bundle that cannot be written, read or trusted. The message says what, found, expected and where. */
public final class ModelException extends RuntimeException {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
