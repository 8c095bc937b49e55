package org.chiffchaff.serving;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.chiffchaff.audio.SoundMeter;
import org.chiffchaff.audio.Window;
import org.chiffchaff.models.Classifier;
import org.chiffchaff.models.Pooling;

/**
 * Listens to one recording as it comes: takes its windows, gives detections, and ends with the ranking. Of the windows it
 * keeps a sum for each class. Knows neither where windows come from nor who asks. One thread at a time.
 */
final class Recogniser {
    // A network gives some species or other to whatever it is shown, to a constant or a click, too; so it is not asked.
    static final double LEAST_SOUND_SECONDS = 0.2;

    private final Question question;
    private final Classifier classifier;
    private final SoundMeter meter;
    private final Pooling pooling;
    private final int classes;

    /**
     * @param meter for the sample rate of the windows
     * @param classes that the classifier scores
     */
    Recogniser(Question question, Classifier classifier, SoundMeter meter, int classes) {
        this.question = question;
        this.classifier = classifier;
        this.meter = meter;
        this.pooling = new Pooling(classes);
        this.classes = classes;
    }

    /**
     * Asks the model about the next windows. Those without sound are passed over.
     *
     * @return what is heard in them, in order of time, then of falling confidence
     */
    List<Detection> accept(List<Window> windows) {
        List<Window> audible = windows.stream().filter(this::holdsSound).toList();
        if (audible.isEmpty()) {
            return List.of();
        }
        float[][] samples = audible.stream().map(Window::samples).toArray(float[][]::new);
        float[][] probabilities = classifier.classify(samples).probabilities();
        List<Detection> detections = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
            pooling.add(probabilities[i]);
            double startSeconds = audible.get(i).offsetSeconds();
            top(probabilities[i]).stream()
                    .filter(hit -> hit.confidence() >= question.minimumConfidence())
                    .forEach(hit -> detections.add(new Detection(startSeconds, hit)));
        }
        return detections;
    }

    private boolean holdsSound(Window window) {
        return meter.soundSeconds(window.samples()) >= LEAST_SOUND_SECONDS;
    }

    /** At most so many detections are given for a window. */
    int mostOfWindow() {
        return Math.min(question.topK(), classes);
    }

    /** Windows so far that hold sound. */
    long audibleWindows() {
        return pooling.windows();
    }

    /** Of the recording as far as it was heard, highest first; empty where no window holds sound. */
    List<Answer.Hit> ranking() {
        return pooling.windows() == 0 ? List.of() : top(pooling.mean());
    }

    /** The classes of the highest scores that count, equal ones in the model's order. */
    private List<Answer.Hit> top(float[] scores) {
        return IntStream.range(0, scores.length)
                .filter(species -> !question.ignored().contains(species))
                .mapToObj(species -> new Answer.Hit(species, scores[species]))
                .sorted(Comparator.comparingDouble(Answer.Hit::confidence).reversed())
                .limit(question.topK())
                .toList();
    }

    /** A hit in the window that starts then. */
    record Detection(double startSeconds, Answer.Hit hit) {}
}
