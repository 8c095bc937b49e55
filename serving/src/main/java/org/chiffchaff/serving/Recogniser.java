package org.chiffchaff.serving;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.Window;
import org.chiffchaff.audio.WindowSpec;
import org.chiffchaff.audio.Windows;
import org.chiffchaff.models.Classifier;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.Pooling;

/** Questions to answers: decodes a recording window by window and asks the model. Knows nothing of calls. */
final class Recogniser {
    // Enough for the graph to work in large steps, little enough that a cancelled call ends soon.
    private static final int BATCH_WINDOWS = 8;

    // Smaller steps would let one small request ask for any amount of work.
    private static final double LEAST_STEP_SECONDS = 0.1;

    private final FeatureSpec features;
    private final Classifier classifier;

    Recogniser(FeatureSpec features, Classifier classifier) {
        this.features = features;
        this.classifier = classifier;
    }

    /**
     * Answers a question on the calling thread, which spends its time in native code.
     *
     * @param cancelled looked at between batches of windows
     */
    Answer answer(Question question, BooleanSupplier cancelled) {
        WindowSpec spec = WindowSpec.ofSeconds(features.sampleRate(), features.windowSeconds(), overlap(question));
        List<Scored> scored = new ArrayList<>();
        try (Windows windows = Windows.of(AudioSource.of(question.name(), question.audio()), spec)) {
            while (windows.hasNext()) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException();
                }
                scored.addAll(score(nextBatch(windows)));
            }
            windows.condition().requireWhole(question.name());
            return answer(question, scored, windows.decodedSeconds());
        }
    }

    private double overlap(Question question) {
        double most = features.windowSeconds() - LEAST_STEP_SECONDS;
        if (question.overlapSeconds() > most) {
            throw Question.bad("overlap_seconds is " + question.overlapSeconds() + "; expected at most " + most
                    + ", so that windows of " + features.windowSeconds() + " s move on by " + LEAST_STEP_SECONDS
                    + " s");
        }
        return question.overlapSeconds();
    }

    private static List<Window> nextBatch(Windows windows) {
        List<Window> batch = new ArrayList<>(BATCH_WINDOWS);
        while (batch.size() < BATCH_WINDOWS && windows.hasNext()) {
            batch.add(windows.next());
        }
        return batch;
    }

    private List<Scored> score(List<Window> batch) {
        float[][] samples = batch.stream().map(Window::samples).toArray(float[][]::new);
        float[][] probabilities = classifier.classify(samples).probabilities();
        return IntStream.range(0, probabilities.length)
                .mapToObj(i -> new Scored(batch.get(i).offsetSeconds(), probabilities[i]))
                .toList();
    }

    private Answer answer(Question question, List<Scored> scored, double durationSeconds) {
        List<Answer.Detection> detections = new ArrayList<>();
        for (Scored window : scored) {
            // A recording shorter than a window ends where it ends, not where its padding does.
            double end = Math.min(window.startSeconds() + features.windowSeconds(), durationSeconds);
            top(window.probabilities(), question.topK()).stream()
                    .filter(hit -> hit.confidence() >= question.minimumConfidence())
                    .forEach(hit -> detections.add(new Answer.Detection(window.startSeconds(), end, hit)));
        }
        float[] pooled = Pooling.mean(scored.stream().map(Scored::probabilities).toList());
        return new Answer(detections, top(pooled, question.topK()), durationSeconds, scored.size());
    }

    /** The classes of the highest scores, equal ones in the model's order. */
    private static List<Answer.Hit> top(float[] scores, int count) {
        return IntStream.range(0, scores.length)
                .mapToObj(species -> new Answer.Hit(species, scores[species]))
                .sorted(Comparator.comparingDouble(Answer.Hit::confidence).reversed())
                .limit(count)
                .toList();
    }

    /** What the model says of one window. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    private record Scored(double startSeconds, float[] probabilities) {}
}
