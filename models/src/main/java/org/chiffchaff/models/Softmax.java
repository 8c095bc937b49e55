package org.chiffchaff.models;

/** Logits to probabilities, outside a graph. */
public final class Softmax {
    private Softmax() {}

    /** exp(z) over its sum, shifted by the greatest so that nothing overflows. */
    public static float[] of(float[] logits) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            greatest = Math.max(greatest, logit);
        }
        double sum = 0;
        double[] weights = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp(logits[i] - greatest);
            sum += weights[i];
        }
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (weights[i] / sum);
        }
        return probabilities;
    }
}
