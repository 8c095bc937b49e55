package org.chiffchaff.models;

import java.util.List;

/**
 * How the windows of a recording speak for the recording: by the mean of each class's score, summed in double precision.
 * The only such place: trainer and server both ask here. Windows are added one by one and not kept.
 */
public final class Pooling {
    private final double[] sums; // [classes]
    private long windows;

    public Pooling(int classes) {
        sums = new double[classes];
    }

    /** Adds a window's scores, [classes]. */
    public void add(float[] scores) {
        if (scores.length != sums.length) {
            throw new ModelException(
                    "A window has " + scores.length + " scores; expected one for each of " + sums.length + " classes");
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += scores[i];
        }
        windows++;
    }

    /** Windows added so far. */
    public long windows() {
        return windows;
    }

    /**
     * The mean over the windows added so far, [classes].
     *
     * @throws ModelException where there are none
     */
    public float[] mean() {
        if (windows == 0) {
            throw new ModelException("A recording without windows has no scores to pool");
        }
        float[] mean = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            mean[i] = (float) (sums[i] / windows);
        }
        return mean;
    }

    /** The mean over windows that are all there, [windows][classes]. */
    public static float[] mean(List<float[]> windows) {
        Pooling pooling = new Pooling(windows.isEmpty() ? 0 : windows.getFirst().length);
        windows.forEach(pooling::add);
        return pooling.mean();
    }
}
