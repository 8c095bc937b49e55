package org.chiffchaff.models;

import java.util.List;

/** How the windows of a recording speak for the recording. The only such place: trainer and server both ask here. */
public final class Pooling {
    private Pooling() {}

    /** The mean over windows of each class's score, summed in double precision. */
    public static float[] mean(List<float[]> windows) {
        if (windows.isEmpty()) {
            throw new ModelException("A recording without windows has no scores to pool");
        }
        double[] sums = new double[windows.getFirst().length];
        for (float[] window : windows) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += window[i];
            }
        }
        float[] mean = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            mean[i] = (float) (sums[i] / windows.size());
        }
        return mean;
    }
}
