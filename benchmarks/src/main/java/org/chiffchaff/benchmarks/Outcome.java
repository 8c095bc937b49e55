package org.chiffchaff.benchmarks;

import java.util.Map;

/**
 * What came of one run.
 *
 * @param bestEpoch the one whose checkpoint was tested, counted from 1
 * @param seconds of wall clock, from the command to the bundle, over all attempts
 */
record Outcome(String fold, long seed, Map<Figure, Double> figures, int bestEpoch, double seconds) {
    Outcome {
        figures = Map.copyOf(figures);
    }
}
