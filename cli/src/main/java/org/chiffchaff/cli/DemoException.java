package org.chiffchaff.cli;

/** The demo cannot go on; the message says why and what would help. */
public final class DemoException extends RuntimeException {
    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
