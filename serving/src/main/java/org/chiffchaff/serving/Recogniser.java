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
        double windowSeconds = features.windowSeconds();
        if (question.overlapSeconds() >= windowSeconds) {
            throw Question.bad("overlap_seconds is " + question.overlapSeconds()
                    + "; expected less than the model's window, " + windowSeconds + " s");
        }
        WindowSpec spec = WindowSpec.ofSeconds(features.sampleRate(), windowSeconds, question.overlapSeconds());
        List<Answer.Detection> detections = new ArrayList<>();
        List<float[]> probabilities = new ArrayList<>();
        try (Windows windows = Windows.of(AudioSource.of(question.name(), question.audio()), spec)) {
            while (windows.hasNext()) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException();
                }
                List<Window> batch = nextBatch(windows);
                float[][] scores = classifier
                        .classify(batch.stream().map(Window::samples).toArray(float[][]::new))
                        .probabilities();
                for (int i = 0; i < scores.length; i++) {
                    probabilities.add(scores[i]);
                    detections.addAll(detections(batch.get(i).offsetSeconds(), scores[i], question));
                }
            }
            return answer(question, detections, probabilities, windows.decodedSeconds());
        }
    }

    private static List<Window> nextBatch(Windows windows) {
        List<Window> batch = new ArrayList<>(BATCH_WINDOWS);
        while (batch.size() < BATCH_WINDOWS && windows.hasNext()) {
            batch.add(windows.next());
        }
        return batch;
    }

    private List<Answer.Detection> detections(double start, float[] scores, Question question) {
        return top(scores, question.topK()).stream()
                .filter(hit -> hit.confidence() >= question.minimumConfidence())
                .map(hit -> new Answer.Detection(start, start + features.windowSeconds(), hit))
                .toList();
    }

    private static Answer answer(
            Question question, List<Answer.Detection> detections, List<float[]> probabilities, double duration) {
        List<Answer.Hit> ranking = top(Pooling.mean(probabilities), question.topK());
        return new Answer(detections, ranking, duration, probabilities.size());
    }

    /** The classes of the highest scores, equal ones in the model's order. */
    private static List<Answer.Hit> top(float[] scores, int count) {
        return IntStream.range(0, scores.length)
                .mapToObj(species -> new Answer.Hit(species, scores[species]))
                .sorted(Comparator.comparingDouble(Answer.Hit::confidence).reversed())
                .limit(count)
                .toList();
    }
}
