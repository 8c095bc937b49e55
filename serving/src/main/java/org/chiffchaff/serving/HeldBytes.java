package org.chiffchaff.serving;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of recordings the server holds at once, by whichever door they came: arriving, waiting and at work. */
final class HeldBytes {
    private final long most;
    private final AtomicLong held = new AtomicLong();

    HeldBytes(long most) {
        this.most = most;
    }

    /** Takes room for more bytes: for all of them or, where that is more than there is, for none. */
    boolean take(long bytes) {
        long before = held.getAndUpdate(now -> now + bytes <= most ? now + bytes : now);
        return before + bytes <= most;
    }

    void give(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }

    /** What a recording is told for which there is no room. */
    ServingException full() {
        return new ServingException(
                ServingException.Kind.BUSY,
                "Other recordings fill the " + most + " bytes this server has for them; try again later");
    }
}
