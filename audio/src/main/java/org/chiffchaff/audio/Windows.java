package org.chiffchaff.audio;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The windows of a recording, decoded as they are asked for: memory stays constant however long the recording.
 *
 * <p>Windows start every hop. The last one is moved back so that it ends exactly where the recording ends: it is all
 * real sound, and its offset says where it lies. Less than {@value #SHORTEST_TAIL_SECONDS} s that no window has covered
 * yet makes no further window. A recording shorter than one window gives one window, padded with silence at its end.
 *
 * <p>Errors are {@link PcmStream}'s. Silence throughout, which only the end of the recording shows, comes out of
 * {@link #hasNext} or {@link #next} in place of the last windows. One thread at a time.
 */
public final class Windows implements Iterator<Window>, AutoCloseable {
    private static final double SHORTEST_TAIL_SECONDS = 0.5;

    private final PcmStream stream;
    private final WindowSpec spec;
    private final float[] fresh; // [hopSamples]
    private float[] samples = {}; // of the window found last, [windowSamples]
    private long startSample;
    private long decodedSamples;
    private boolean waiting;
    private boolean ended;

    private Windows(PcmStream stream, WindowSpec spec) {
        this.stream = stream;
        this.spec = spec;
        this.fresh = new float[spec.hopSamples()];
    }

    /**
     * Opens a recording. The caller closes what is returned.
     *
     * @throws AudioException where {@link PcmStream#open} does
     */
    public static Windows of(AudioSource source, WindowSpec spec) {
        return of(source, spec, Channel.MIX);
    }

    /** The same of what is made of the recording's channels. */
    public static Windows of(AudioSource source, WindowSpec spec, Channel channel) {
        return of(source, spec, channel, DecodeLimits.WEEK);
    }

    /** The same within limits, for every call of what is returned. */
    public static Windows of(AudioSource source, WindowSpec spec, Channel channel, DecodeLimits limits) {
        return new Windows(PcmStream.open(source, spec.sampleRate(), channel, limits), spec);
    }

    @Override
    public boolean hasNext() {
        if (!waiting && !ended) {
            waiting = samples.length == 0 ? findFirst() : findLater();
        }
        return waiting;
    }

    @Override
    public Window next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no window after " + decodedSeconds() + " s");
        }
        waiting = false;
        // A copy, because the next window begins with this one's end and the receiver may change what it got.
        return new Window((double) startSample / spec.sampleRate(), samples.clone());
    }

    /** How much has been decoded so far, in seconds; after the last window the length of the recording. */
    public double decodedSeconds() {
        return (double) decodedSamples / spec.sampleRate();
    }

    /**
     * What the recording turned out to be.
     *
     * @throws IllegalStateException before {@link #hasNext} has said false
     */
    public Condition condition() {
        return stream.condition();
    }

    @Override
    public void close() {
        stream.close();
    }

    private boolean findFirst() {
        samples = new float[spec.windowSamples()];
        return fill(samples) > 0;
    }

    private boolean findLater() {
        int step = fill(fresh);
        if (step < fresh.length && step < SHORTEST_TAIL_SECONDS * spec.sampleRate()) {
            return false;
        }
        int kept = samples.length - step;
        System.arraycopy(samples, step, samples, 0, kept);
        System.arraycopy(fresh, 0, samples, kept, step);
        startSample += step;
        return true;
    }

    // Fills the array as far as the recording goes.
    private int fill(float[] target) {
        int filled = 0;
        while (filled < target.length && !ended) {
            int count = stream.read(target, filled, target.length - filled);
            ended = count < 0;
            filled += Math.max(count, 0);
        }
        decodedSamples += filled;
        return filled;
    }
}
