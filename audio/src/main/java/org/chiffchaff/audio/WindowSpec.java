package org.chiffchaff.audio;

/**
 * How a recording is cut into windows.
 *
 * @param sampleRate in Hz; recordings at other rates are resampled
 * @param windowSamples length of a window
 * @param hopSamples from the start of one window to the start of the next; at most a window, so that all is heard
 */
public record WindowSpec(int sampleRate, int windowSamples, int hopSamples) {
    /**
     * Counts changes to how samples are mixed, resampled and cut; what was computed from windows of other rules is
     * stale.
     */
    public static final int RULES = 3;

    public WindowSpec {
        if (sampleRate < 1) {
            throw new IllegalArgumentException("sample rate is " + sampleRate + " Hz; at least 1 Hz is expected");
        }
        if (windowSamples < 1) {
            throw new IllegalArgumentException(
                    "window is " + windowSamples + " samples long; at least 1 sample is expected");
        }
        if (hopSamples < 1 || hopSamples > windowSamples) {
            throw new IllegalArgumentException("hop is " + hopSamples + " samples long; 1 to " + windowSamples
                    + " samples, the length of a window, are expected");
        }
    }

    /**
     * The same in seconds, rounded to the nearest sample.
     *
     * @param overlapSeconds how much of a window the next one repeats: at least 0 and less than a window
     */
    public static WindowSpec ofSeconds(int sampleRate, double windowSeconds, double overlapSeconds) {
        int windowSamples = Math.toIntExact(Math.round(windowSeconds * sampleRate));
        int overlapSamples = Math.toIntExact(Math.round(overlapSeconds * sampleRate));
        return new WindowSpec(sampleRate, windowSamples, windowSamples - overlapSamples);
    }

    /** Length of a window, in seconds. */
    public double windowSeconds() {
        return (double) windowSamples / sampleRate;
    }
}
