package org.chiffchaff.training.command;

import java.util.Locale;
import org.chiffchaff.audio.ChannelChoice;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.FeatureSpec.Normalise;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.feed.Damaged;
import org.chiffchaff.training.run.TrainPlan;
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

    @Option(
            names = "--channel",
            paramLabel = "CHANNEL",
            defaultValue = "mix",
            description =
                    "What to hear of recordings with several channels: mix, their mean, or the louder of two that would"
                            + " cancel each other; left, right or a number, which leaves out recordings without that"
                            + " channel; each, every channel as a recording of its own, in the same part, and counted"
                            + " as one in all figures.")
    private String channel;

    /**
     * As the user wrote it, but for capitals.
     *
     * @throws TrainingException where it is no channel
     */
    String channel() {
        try {
            ChannelChoice.parse(channel);
        } catch (IllegalArgumentException none) {
            throw new TrainingException(none.getMessage(), none);
        }
        return channel.toLowerCase(Locale.ROOT);
    }

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
