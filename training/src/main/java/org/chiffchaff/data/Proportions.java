package org.chiffchaff.data;

/** The fractions of each species' recordings that train, validate and test. */
public record Proportions(double train, double validation, double test) {
    public static final Proportions DEFAULT = new Proportions(0.70, 0.15, 0.15);

    public Proportions {
        boolean fractions = train > 0 && validation >= 0 && test >= 0;
        // The slack forgives decimal fractions, which binary cannot add exactly.
        if (!fractions || Math.abs(train + validation + test - 1) > 1e-6) {
            throw new DataException(
                    "proportions " + train + ", " + validation + ", " + test + " for train, validation and"
                            + " test; expected fractions that add up to 1, with more than 0 to train");
        }
    }

    double of(Part part) {
        return switch (part) {
            case TRAIN -> train;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }

    static Proportions withoutTest(double validation) {
        if (!(validation >= 0 && validation < 1)) {
            throw new DataException(
                    "validation fraction " + validation + "; expected 0 (none) or more, and less than 1");
        }
        return new Proportions(1 - validation, validation, 0);
    }
}
