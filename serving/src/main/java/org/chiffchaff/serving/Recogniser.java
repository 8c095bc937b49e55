package org.chiffchaff.serving;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.SoundMeter;
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

    // A network gives some species or other to whatever it is shown, to a constant or a click, too; so it is not asked.
    private static final double LEAST_SOUND_SECONDS = 0.2;

    private final FeatureSpec features;
    private final Classifier classifier;
    private final SoundMeter meter;

    Recogniser(FeatureSpec features, Classifier classifier) {
        this.features = features;
        this.classifier = classifier;
        this.meter = new SoundMeter(features.sampleRate());
    }

    /**
     * Answers a question on the calling thread, which spends its time in native code.
     *
     * @param cancelled looked at between batches of windows
     */
    Answer answer(Question question, BooleanSupplier cancelled) {
        WindowSpec spec = WindowSpec.ofSeconds(features.sampleRate(), features.windowSeconds(), overlap(question));
        List<Scored> scored = new ArrayList<>();
        try (Windows windows =
                Windows.of(AudioSource.of(question.name(), question.audio()), spec, question.channel())) {
            int count = 0;
            while (windows.hasNext()) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException();
                }
                List<Window> batch = nextBatch(windows);
                count += batch.size();
                scored.addAll(score(batch.stream().filter(this::holdsSound).toList()));
            }
            return answer(question, scored, windows, count);
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

    private boolean holdsSound(Window window) {
        return meter.soundSeconds(window.samples()) >= LEAST_SOUND_SECONDS;
    }

    private List<Scored> score(List<Window> batch) {
        if (batch.isEmpty()) {
            return List.of();
        }
        float[][] samples = batch.stream().map(Window::samples).toArray(float[][]::new);
        float[][] probabilities = classifier.classify(samples).probabilities();
        return IntStream.range(0, probabilities.length)
                .mapToObj(i -> new Scored(batch.get(i).offsetSeconds(), probabilities[i]))
                .toList();
    }

    private Answer answer(Question question, List<Scored> scored, Windows windows, int count) {
        double durationSeconds = windows.decodedSeconds();
        List<Answer.Detection> detections = new ArrayList<>();
        for (Scored window : scored) {
            // A recording shorter than a window ends where it ends, not where its padding does.
            double end = Math.min(window.startSeconds() + features.windowSeconds(), durationSeconds);
            top(window.probabilities(), question).stream()
                    .filter(hit -> hit.confidence() >= question.minimumConfidence())
                    .forEach(hit -> detections.add(new Answer.Detection(window.startSeconds(), end, hit)));
        }
        List<Answer.Hit> ranking = scored.isEmpty()
                ? List.of()
                : top(Pooling.mean(scored.stream().map(Scored::probabilities).toList()), question);
        return new Answer(detections, ranking, durationSeconds, count, warnings(windows, count, scored.size()));
    }

    private static List<String> warnings(Windows windows, int count, int audible) {
        List<String> warnings = new ArrayList<>(windows.condition().remarks());
        if (audible < count) {
            warnings.add("no sound: " + (count - audible) + " of " + count + " windows hold less than "
                    + LEAST_SOUND_SECONDS + " s of it");
        }
        return warnings;
    }

    /** The classes of the highest scores that count, equal ones in the model's order. */
    private static List<Answer.Hit> top(float[] scores, Question question) {
        return IntStream.range(0, scores.length)
                .filter(species -> !question.ignored().contains(species))
                .mapToObj(species -> new Answer.Hit(species, scores[species]))
                .sorted(Comparator.comparingDouble(Answer.Hit::confidence).reversed())
                .limit(question.topK())
                .toList();
    }

    /** What the model says of one window. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    private record Scored(double startSeconds, float[] probabilities) {}
}
