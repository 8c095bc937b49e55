package org.chiffchaff.data;

/** A data set, split or setting that cannot be used. The message says what, found, expected and where. */
public final class DataException extends RuntimeException {
    public DataException(String message) {
        super(message);
    }

    DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
