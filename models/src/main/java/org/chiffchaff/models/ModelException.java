package org.chiffchaff.models;

/**
 * A model or a bundle that cannot be made, read or trusted. The message says what, what was found, what was expected
 * and where.
 */
public final class ModelException extends RuntimeException {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
