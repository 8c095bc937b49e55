package org.chiffchaff.serving;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * A line in the log for a request that cannot be read, with nothing of what it holds; and of many in a minute a few and
 * their number, as whoever sends them decides how many there are.
 */
final class UnreadableLog {
    private static final System.Logger LOG = System.getLogger(UnreadableLog.class.getName());
    private static final int MOST_A_MINUTE = 10;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static long minuteBegan = System.nanoTime();
    private static int ofMinute;

    private UnreadableLog() {}

    static synchronized void tell(String reason) {
        long now = System.nanoTime();
        if (now - minuteBegan > MINUTE_NANOS) {
            if (ofMinute > MOST_A_MINUTE) {
                LOG.log(Level.WARNING, (ofMinute - MOST_A_MINUTE) + " more requests could not be read");
            }
            minuteBegan = now;
            ofMinute = 0;
        }
        ofMinute++;
        if (ofMinute <= MOST_A_MINUTE) {
            LOG.log(Level.WARNING, "A request could not be read: " + reason);
        }
    }
}
