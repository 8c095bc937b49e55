package org.chiffchaff.serving;

import java.time.Duration;

/**
 * How fast a request has to arrive. Without it a byte now and then would keep a call, its thread and its room for ever.
 *
 * @param patience how long an upload may rest and, on the first port, a reader; and how long it may take before it is held
 *     to the least rate
 * @param leastBytesPerSecond on average, from then on
 * @param longest from its first frame to its last
 */
public record UploadPace(Duration patience, int leastBytesPerSecond, Duration longest) {
    static final int LONGEST_SECONDS = 3_600;

    /** A minute's rest, 4 KiB a second, and an hour in all: of the largest recording, 19 KB a second. */
    public static final UploadPace STANDARD =
            new UploadPace(Duration.ofSeconds(60), 4 << 10, Duration.ofSeconds(LONGEST_SECONDS));

    public UploadPace {
        ServerConfig.require("patience with an upload, in seconds,", patience.toSeconds(), 1, Integer.MAX_VALUE);
        ServerConfig.require("least rate of an upload, in bytes a second,", leastBytesPerSecond, 1, Integer.MAX_VALUE);
        ServerConfig.require("longest upload, in seconds,", longest.toSeconds(), 1, Integer.MAX_VALUE);
    }

    /** Whether an upload has rested too long. */
    boolean stalled(long restedNanos) {
        return restedNanos > patience.toNanos();
    }

    /** Whether an upload that is not whole yet is too slow. */
    boolean tooSlow(long arrivedBytes, long elapsedNanos) {
        double heldToRateSeconds = (elapsedNanos - patience.toNanos()) / 1e9;
        return elapsedNanos > longest.toNanos() || arrivedBytes < heldToRateSeconds * leastBytesPerSecond;
    }

    /** What an upload is told that was too slow. */
    String refusal() {
        return "The request came too slowly: without a rest of " + patience.toSeconds() + " s, at "
                + leastBytesPerSecond + " bytes a second and within " + longest.toSeconds() + " s is expected";
    }
}
