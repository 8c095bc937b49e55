package org.chiffchaff.serving;

import org.chiffchaff.audio.SoundMeter;
import org.chiffchaff.audio.WindowSpec;
import org.chiffchaff.models.Classifier;
import org.chiffchaff.models.FeatureSpec;

/** What every question to one model is answered with: makes the work that answers it. */
final class Recognition {
    // Smaller hops would let one small request ask for any amount of work.
    private static final double LEAST_HOP_SECONDS = 0.1;

    private final FeatureSpec features;
    private final Classifier classifier;
    private final int classes;
    private final Limits limits;
    private final SoundMeter meter;

    /** @param classes that the classifier scores */
    Recognition(FeatureSpec features, Classifier classifier, int classes, Limits limits) {
        this.features = features;
        this.classifier = classifier;
        this.classes = classes;
        this.limits = limits;
        this.meter = new SoundMeter(features.sampleRate());
    }

    /** @throws ServingException where the model cannot be asked so */
    RecordingWork work(Question question, RecordingWork.Caller caller) {
        WindowSpec spec = WindowSpec.ofSeconds(features.sampleRate(), features.windowSeconds(), overlap(question));
        Recogniser recogniser = new Recogniser(question, classifier, meter, classes);
        return new RecordingWork(question, spec, recogniser, limits, caller);
    }

    private double overlap(Question question) {
        double most = features.windowSeconds() - LEAST_HOP_SECONDS;
        if (question.overlapSeconds() > most) {
            throw Question.bad("overlap_seconds is " + question.overlapSeconds() + "; expected at most " + most
                    + ", so that windows of " + features.windowSeconds() + " s move on by " + LEAST_HOP_SECONDS + " s");
        }
        return question.overlapSeconds();
    }
}
