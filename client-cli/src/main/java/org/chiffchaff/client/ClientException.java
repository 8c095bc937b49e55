package org.chiffchaff.client;

/** Why nothing more can be asked of a server. The message says what, where and what to do. */
public final class ClientException extends RuntimeException {
    ClientException(String message) {
        super(message);
    }

    ClientException(String message, Throwable cause) {
        super(message, cause);
    }
}
