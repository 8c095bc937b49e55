package org.chiffchaff.serving;

/** Why the server cannot start, or will not answer a call. The message says what, found and expected. */
public final class ServingException extends RuntimeException {
    /** Whose fault it is, and whether asking again may help. */
    enum Kind {
        /** The request can never be answered. */
        BAD_REQUEST,
        /** The recording, or the answer to it, is larger than this server takes. */
        TOO_LARGE,
        /** The call takes longer than this server works on one. */
        TOO_LONG,
        /** Too many calls wait; later there may be room. */
        BUSY,
        /** The server is on its way out. */
        STOPPING,
        /** The server cannot start. */
        START
    }

    private final transient Kind kind;

    ServingException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    ServingException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What is told to who comes too late. */
    static ServingException stopping() {
        return new ServingException(Kind.STOPPING, "The server is stopping; ask another one");
    }

    /** A port that cannot be had. */
    static ServingException cannotListen(String host, int port, Exception failure) {
        Throwable reason = failure;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return new ServingException(
                Kind.START, "Cannot listen on " + host + ":" + port + ": " + reason.getMessage(), failure);
    }

    Kind kind() {
        return kind;
    }
}
