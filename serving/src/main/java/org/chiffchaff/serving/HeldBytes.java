package org.chiffchaff.serving;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes the server holds for its callers at once, by whichever door they came: recordings that arrive, wait and are at
 * work, and answers that are not read yet. One connection may have a part of them.
 */
final class HeldBytes {
    private final long most;
    private final Optional<HeldBytes> server;
    private final long mostOfConnection;
    private final AtomicLong held = new AtomicLong();

    /** @param leastOfConnection what one connection may have in any case; otherwise it is half */
    HeldBytes(long most, long leastOfConnection) {
        this.most = most;
        this.server = Optional.empty();
        this.mostOfConnection = Math.min(most, Math.max(most / 2, leastOfConnection));
    }

    private HeldBytes(HeldBytes server) {
        this.most = server.mostOfConnection;
        this.server = Optional.of(server);
        this.mostOfConnection = most;
    }

    /** What one connection may have. */
    HeldBytes ofConnection() {
        return new HeldBytes(this);
    }

    /**
     * Takes room for more bytes: for all of them or for none.
     *
     * @return why there was none, if so
     */
    Optional<ServingException> take(long bytes) {
        long before = held.getAndUpdate(now -> now + bytes <= most ? now + bytes : now);
        if (before + bytes > most) {
            return Optional.of(full());
        }
        Optional<ServingException> full = server.flatMap(whole -> whole.take(bytes));
        full.ifPresent(none -> held.addAndGet(-bytes));
        return full;
    }

    void give(long bytes) {
        held.addAndGet(-bytes);
        server.ifPresent(whole -> whole.give(bytes));
    }

    long held() {
        return held.get();
    }

    private ServingException full() {
        return new ServingException(
                ServingException.Kind.BUSY,
                server.isEmpty()
                        ? "Other recordings fill the " + most + " bytes this server has for them; try again later"
                        : "Other recordings fill the " + most + " bytes a connection has for them; try again later");
    }
}
