package org.chiffchaff.data;

/**
 * How well one class was told from the others. A ratio without a denominator is 0.
 *
 * @param precision the fraction of its predictions that were right
 * @param recall the fraction of its clips that were found
 * @param f1 the harmonic mean of both
 * @param support how many clips it has
 */
public record ClassMetrics(double precision, double recall, double f1, int support) {
    static ClassMetrics of(int correct, int predicted, int support) {
        return new ClassMetrics(
                ratio(correct, predicted), ratio(correct, support), ratio(2 * correct, predicted + support), support);
    }

    private static double ratio(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
