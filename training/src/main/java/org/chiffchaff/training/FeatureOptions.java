package org.chiffchaff.training;

import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.FeatureSpec.Normalise;
import picocli.CommandLine.Option;

/** The options that shape features; shared by the commands that compute them. */
final class FeatureOptions {
    @Option(
            names = "--normalise",
            paramLabel = "HOW",
            defaultValue = "window",
            description =
                    "dataset: standardise features over the training part. window: take each coefficient's mean over its own"
                            + " window off first, and with it the recorder and the place.")
    private Normalise normalise;

    @Option(
            names = "--overlap",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Overlap of neighbouring windows.")
    private double overlap;

    @Option(
            names = "--damaged",
            paramLabel = "HOW",
            defaultValue = "use",
            description =
                    "use: recordings that are cut short or damaged are used where at least 90 %% of them are there,"
                            + " and named. skip: they are left out.")
    private Damaged damaged;

    Damaged damaged() {
        return damaged;
    }

    FeatureSpec spec() {
        return FeatureSpec.standard(normalise);
    }

    /** @throws TrainingException where windows cannot overlap so much */
    double overlapSeconds() {
        TrainPlan.requireOverlap(overlap, spec());
        return overlap;
    }
}
