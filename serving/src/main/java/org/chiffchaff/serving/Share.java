package org.chiffchaff.serving;

import io.grpc.Context;
import java.util.Optional;

/**
 * One call's part of {@link HeldBytes}: of its recording and then of its answer. The door that takes the recording in
 * holds it, and from then on whoever works on it or writes its answer; when the last lets go, the bytes are given back.
 * Found in the call's context.
 */
final class Share {
    static final Context.Key<Share> KEY = Context.key("share");

    private final HeldBytes held;
    private int holders = 1;
    private long bytes;

    Share(HeldBytes held) {
        this.held = held;
    }

    /** The same for all calls of a connection. */
    Object connection() {
        return held;
    }

    /**
     * Takes what is lacking for so many bytes. What every request may hold besides a recording is free: a server full of
     * recordings still tells that it is well.
     *
     * @return why there was no room, if so; then nothing has changed
     */
    synchronized Optional<ServingException> grow(long total) {
        long more = total - ServerConfig.MESSAGE_SLACK_BYTES - bytes;
        if (more <= 0 || holders == 0) {
            return Optional.empty();
        }
        Optional<ServingException> full = held.take(more);
        if (full.isEmpty()) {
            bytes += more;
        }
        return full;
    }

    /** Gives back what is more than needed for so many bytes. */
    synchronized void shrink(long total) {
        long less = bytes - Math.max(0, total - ServerConfig.MESSAGE_SLACK_BYTES);
        if (less > 0) {
            held.give(less);
            bytes -= less;
        }
    }

    /** One holder more. */
    synchronized void keep() {
        holders++;
    }

    /** One holder less. */
    synchronized void release() {
        holders--;
        if (holders == 0) {
            held.give(bytes);
            bytes = 0;
        }
    }
}
