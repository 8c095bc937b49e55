package org.chiffchaff.serving;

import io.grpc.Context;

/**
 * One call's part of {@link HeldBytes}. The door that takes the recording in holds it, and from then on whoever works
 * on it; when the last lets go, the bytes are given back. Found in the call's context.
 */
final class Share {
    static final Context.Key<Share> KEY = Context.key("share");

    private final HeldBytes server;
    private int holders = 1;
    private long bytes;

    Share(HeldBytes server) {
        this.server = server;
    }

    /**
     * Takes what is lacking for a request of so many bytes. What every request may hold besides a recording is free: a
     * server full of recordings still tells that it is well.
     *
     * @return whether there was room; if not, nothing has changed
     */
    synchronized boolean grow(long requestBytes) {
        long more = requestBytes - ServerConfig.MESSAGE_SLACK_BYTES - bytes;
        if (more <= 0 || holders == 0) {
            return true;
        }
        boolean taken = server.take(more);
        if (taken) {
            bytes += more;
        }
        return taken;
    }

    /** One holder more. */
    synchronized void keep() {
        holders++;
    }

    /** One holder less. */
    synchronized void release() {
        holders--;
        if (holders == 0) {
            server.give(bytes);
            bytes = 0;
        }
    }
}
