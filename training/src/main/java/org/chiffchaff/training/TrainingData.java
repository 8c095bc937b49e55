package org.chiffchaff.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.chiffchaff.audio.AudioException;
import org.chiffchaff.audio.LeftOut;
import org.chiffchaff.cli.Interruption;
import org.chiffchaff.cli.Progress;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Split;

/**
 * The parts of a data set as examples.
 *
 * @param sources the recordings of each part that can be used, in the order of its examples
 * @param failures those that cannot
 */
record TrainingData(Map<Part, Examples> parts, Map<Part, List<Examples.Source>> sources, List<LeftOut> failures) {
    private static final long ASKED_EVERY_MILLIS = 100;

    Examples part(Part part) {
        return parts.get(part);
    }

    List<Recording> recordings(Part part) {
        return sources.get(part).stream().map(Examples.Source::recording).toList();
    }

    /** The features of every recording, by its file. */
    Map<String, Features> features() {
        Map<String, Features> features = new TreeMap<>();
        sources.values()
                .forEach(part ->
                        part.forEach(each -> features.put(each.recording().file(), each.features())));
        return features;
    }

    /**
     * Brings the features of every recording of a split into the cache, several at a time. A recording
     * that cannot be used is left out and reported; it stops nothing.
     *
     * @throws CancellationException where it was interrupted; what is done is kept
     */
    static TrainingData load(Dataset dataset, Split split, FeatureCache cache) {
        Map<Part, List<Examples.Source>> sources = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            sources.put(part, new ArrayList<>());
        }
        List<LeftOut> failures = compute(dataset, split.entries(), cache, sources);
        Map<Part, Examples> parts = new EnumMap<>(Part.class);
        sources.forEach((part, each) -> parts.put(part, Examples.of(cache.spec(), each)));
        if (parts.get(Part.TRAIN).isEmpty()) {
            throw new TrainingException("No usable recording to train on in " + dataset.root() + ": " + failures.size()
                    + " failed, the first with: "
                    + (failures.isEmpty()
                            ? "the split trains on none"
                            : failures.getFirst().toString()));
        }
        return new TrainingData(parts, sources, failures);
    }

    // Sorts what can be used into the parts, and returns why the rest cannot.
    private static List<LeftOut> compute(
            Dataset dataset, List<Split.Entry> entries, FeatureCache cache, Map<Part, List<Examples.Source>> sources) {
        List<LeftOut> failures = new ArrayList<>();
        try (Interruption interruption = Interruption.watch();
                ExecutorService workers =
                        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
                Progress progress = Progress.start("features", entries.size())) {
            try {
                List<Future<Examples.Source>> pending = entries.stream()
                        .map(entry -> workers.submit(() -> source(dataset, entry.recording(), cache, progress)))
                        .toList();
                for (int i = 0; i < entries.size(); i++) {
                    try {
                        sources.get(entries.get(i).part()).add(await(pending.get(i), interruption));
                    } catch (ExecutionException e) {
                        failures.add(failure(dataset.path(entries.get(i).recording()), e));
                    }
                }
            } finally {
                // Once one thing has gone wrong, nobody waits for the others.
                workers.shutdownNow();
            }
        }
        return failures;
    }

    private static Examples.Source await(Future<Examples.Source> pending, Interruption interruption)
            throws ExecutionException {
        while (!interruption.requested()) {
            try {
                return pending.get(ASKED_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Not done yet.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new CancellationException("stopped while the features were computed");
    }

    private static Examples.Source source(Dataset dataset, Recording recording, FeatureCache cache, Progress progress) {
        Path file = dataset.path(recording);
        try {
            return new Examples.Source(recording, cache.features(file), dataset.index(recording.label()));
        } finally {
            progress.step(1);
        }
    }

    // Anything but a bad recording is a defect or a full disk, and stops the run.
    private static LeftOut failure(Path file, ExecutionException e) {
        if (e.getCause() instanceof AudioException bad) {
            return new LeftOut(file, LeftOut.Kind.UNUSABLE, bad.reason());
        }
        if (e.getCause() instanceof RuntimeException other) {
            throw other;
        }
        throw new TrainingException("Computing features failed: " + e.getCause(), e.getCause());
    }
}
