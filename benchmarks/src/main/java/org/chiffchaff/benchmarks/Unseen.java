package org.chiffchaff.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Metadata;
import org.chiffchaff.data.Metrics;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Predictions;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Split;

/**
 * The test recordings of which a run learned from none of the same kind: what metadata says of them, such as who
 * recorded them, is said of no recording of their species that the run trained or validated on. Recordings of which
 * metadata says nothing may be of any kind, and are left out.
 */
final class Unseen {
    private final Path data;
    private final Metadata.Known kinds;
    // A scan takes seconds where there are many files, and all runs of a sweep have one layout.
    private final Map<Dataset.Layout, Dataset> scans = new EnumMap<>(Dataset.Layout.class);

    /** @param data the folder of the recordings */
    Unseen(Path data, Metadata.Known kinds) {
        this.data = data;
        this.kinds = kinds;
    }

    /**
     * The figures of a finished run on those recordings; where there are none, their number alone.
     *
     * @param layout which folders were species to the run
     */
    Map<Figure, Double> figures(Path run, Dataset.Layout layout) {
        Path predictions = run.resolve("predictions.csv");
        if (!Files.exists(predictions)) {
            throw new BenchmarkException(run + " has no predictions.csv, which earlier versions did not write; remove"
                    + " the folder, and the run is made anew");
        }
        Set<String> learned = new HashSet<>();
        Dataset dataset = scans.computeIfAbsent(layout, each -> Dataset.scan(data, each));
        Split.read(run.resolve("split.csv"), dataset).entries().stream()
                .filter(entry -> entry.part() != Part.TEST)
                .forEach(entry ->
                        kinds.of(entry.recording()).ifPresent(kind -> learned.add(key(entry.recording(), kind))));
        Predictions unseen = Predictions.read(predictions)
                .of(recording -> kinds.of(recording)
                        .filter(kind -> !learned.contains(key(recording, kind)))
                        .isPresent());
        double count = unseen.entries().size();
        if (count == 0) {
            return Map.of(Figure.UNSEEN, count);
        }
        Metrics metrics = unseen.metrics();
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.UNSEEN, count);
        figures.put(Figure.UNSEEN_ACCURACY, metrics.accuracy());
        figures.put(Figure.UNSEEN_MACRO_F1, metrics.macroF1());
        if (metrics.hasTopK(5)) {
            figures.put(Figure.UNSEEN_TOP_5, metrics.topK(5));
        }
        return figures;
    }

    // A line break is in neither.
    private static String key(Recording recording, String kind) {
        return recording.label() + "\n" + kind;
    }
}
