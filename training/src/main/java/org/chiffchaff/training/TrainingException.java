package org.chiffchaff.training;

/** What stops a run: the message says what, what was found, what was expected and where. */
public final class TrainingException extends RuntimeException {
    public TrainingException(String message) {
        super(message);
    }

    public TrainingException(String message, Throwable cause) {
        super(message, cause);
    }
}
