package org.chiffchaff.benchmarks;

import java.util.stream.DoubleStream;

/**
 * Where numbers lie and how far apart.
 *
 * @param deviation standard deviation of a sample (divided by n - 1); NaN for a single number
 */
record Spread(double mean, double deviation) {
    static Spread of(double... values) {
        double mean = DoubleStream.of(values).sum() / values.length;
        double squares = DoubleStream.of(values)
                .map(value -> value - mean)
                .map(off -> off * off)
                .sum();
        return new Spread(mean, Math.sqrt(squares / (values.length - 1)));
    }
}
