package org.chiffchaff.audio;

/** A recording that cannot be used. The message is "NAME: reason". */
public final class AudioException extends RuntimeException {
    private final String name;
    private final String reason;

    /**
     * @param name the source, as the caller knows it: a path, or the name given with the bytes
     * @param reason what was found and what was expected, without the name
     */
    public AudioException(String name, String reason) {
        super(name + ": " + reason);
        this.name = name;
        this.reason = reason;
    }

    AudioException(String name, String reason, Throwable cause) {
        this(name, reason);
        initCause(cause);
    }

    /** The source, as the caller knows it. */
    public String name() {
        return name;
    }

    /** What was found and what was expected, without the name. */
    public String reason() {
        return reason;
    }
}
