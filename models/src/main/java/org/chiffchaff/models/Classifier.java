package org.chiffchaff.models;

/** Names what windows of sound hold. Safe for use by many threads at once. */
public interface Classifier {
    /**
     * Scores windows.
     *
     * @param windows [windows, samples], mono at the rate and of the length the bundle's feature spec gives
     */
    Scores classify(float[][] windows);
}
