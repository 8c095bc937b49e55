package org.chiffchaff.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.chiffchaff.audio.AudioException;
import org.chiffchaff.cli.Progress;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Split;

/**
 * The parts of a data set as examples.
 *
 * @param failures one line for each recording that could not be used
 */
record TrainingData(Map<Part, Examples> parts, Map<Part, List<Recording>> recordings, List<String> failures) {

    Examples part(Part part) {
        return parts.get(part);
    }

    /**
     * Brings the features of every recording of a split into the cache, several at a time, and maps them. A recording that cannot be
     * used is left out and reported; it stops nothing.
     */
    static TrainingData load(Dataset dataset, Split split, FeatureCache cache, TrainPlan plan) {
        List<Split.Entry> entries = split.entries();
        List<String> failures = new ArrayList<>();
        Map<Part, List<Examples.Source>> sources = new EnumMap<>(Part.class);
        Map<Part, List<Recording>> used = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            sources.put(part, new ArrayList<>());
            used.put(part, new ArrayList<>());
        }
        try (ExecutorService workers =
                        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
                Progress progress = Progress.start("features", entries.size())) {
            List<Future<Examples.Source>> pending = entries.stream()
                    .map(entry -> workers.submit(() -> source(dataset, entry.recording(), cache, progress)))
                    .toList();
            for (int i = 0; i < entries.size(); i++) {
                Split.Entry entry = entries.get(i);
                try {
                    sources.get(entry.part()).add(pending.get(i).get());
                    used.get(entry.part()).add(entry.recording());
                } catch (ExecutionException e) {
                    failures.add(reason(e));
                } catch (InterruptedException e) {
                    workers.shutdownNow();
                    Thread.currentThread().interrupt();
                    throw new CancellationException("stopped while the features were computed; what is done is kept");
                }
            }
        }
        Map<Part, Examples> parts = new EnumMap<>(Part.class);
        sources.forEach((part, each) -> parts.put(part, Examples.of(plan.features(), each)));
        if (parts.get(Part.TRAIN).isEmpty()) {
            throw new TrainingException("No usable recording to train on in " + dataset.root() + ": " + failures.size()
                    + " failed, the first with: "
                    + (failures.isEmpty() ? "the split trains on none" : failures.getFirst()));
        }
        return new TrainingData(parts, used, failures);
    }

    private static Examples.Source source(Dataset dataset, Recording recording, FeatureCache cache, Progress progress) {
        Path file = dataset.path(recording);
        try {
            return new Examples.Source(cache.features(file), dataset.index(recording.label()));
        } finally {
            progress.step(1);
        }
    }

    // Anything but a bad recording is a defect or a full disk, and stops the run.
    private static String reason(ExecutionException e) {
        if (e.getCause() instanceof AudioException bad) {
            return bad.getMessage();
        }
        if (e.getCause() instanceof RuntimeException other) {
            throw other;
        }
        throw new TrainingException("Computing features failed: " + e.getCause(), e.getCause());
    }
}
