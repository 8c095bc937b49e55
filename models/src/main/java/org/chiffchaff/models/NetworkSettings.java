package org.chiffchaff.models;

/**
 * What a network is built from.
 *
 * @param classes number of species
 * @param dropout share of the embedding left out at each training step, in [0, 1)
 * @param seed of the first weights
 */
public record NetworkSettings(FeatureSpec features, int classes, float dropout, long seed) {
    public NetworkSettings {
        if (classes < 2) {
            throw new ModelException("A classifier of " + classes + " classes; expected at least 2");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new ModelException("Dropout " + dropout + "; expected at least 0 and less than 1");
        }
    }
}
