package org.chiffchaff.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chiffchaff.models.Csv;

/**
 * What a model said of each recording of a part; enough to measure it on some of them later. As CSV:
 * file,label,group,rank,label_1,score_1 and so on to the fifth, or as many as there are species.
 */
public record Predictions(List<Prediction> entries) {
    private static final int SHOWN = 5;
    private static final List<String> HEADER = List.of("file", "label", "group", "rank");

    /**
     * Of one recording.
     *
     * @param rank of its own species, from 1
     * @param guesses the likeliest first; not empty
     */
    public record Prediction(Recording recording, int rank, List<Guess> guesses) {
        public Prediction {
            guesses = List.copyOf(guesses);
            boolean right = rank == 1;
            if (rank < 1
                    || guesses.isEmpty()
                    || right != guesses.getFirst().label().equals(recording.label())) {
                throw new DataException("the species of '" + recording.file() + "' comes at rank " + rank + " of "
                        + guesses + "; expected a rank from 1, where its own species '" + recording.label()
                        + "' is the first");
            }
        }
    }

    /** A species and its score. */
    public record Guess(String label, double score) {}

    public Predictions {
        entries = List.copyOf(entries);
    }

    /** @param scores [recording][label]; of equal ones the first label comes first, as in {@link Metrics} */
    public static Predictions of(List<Recording> recordings, List<String> labels, float[][] scores) {
        return new Predictions(IntStream.range(0, recordings.size())
                .mapToObj(i -> of(recordings.get(i), labels, scores[i]))
                .toList());
    }

    private static Prediction of(Recording recording, List<String> labels, float[] scores) {
        List<Integer> order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(label -> -scores[label]))
                .toList();
        List<Guess> guesses = order.stream()
                .limit(SHOWN)
                .map(label -> new Guess(labels.get(label), scores[label]))
                .toList();
        return new Prediction(recording, 1 + order.indexOf(labels.indexOf(recording.label())), guesses);
    }

    /** Those of some recordings. */
    public Predictions of(Predicate<Recording> chosen) {
        return new Predictions(
                entries.stream().filter(entry -> chosen.test(entry.recording())).toList());
    }

    /** @throws DataException where there are none */
    public Metrics metrics() {
        List<String> labels = entries.stream()
                .flatMap(entry -> Stream.of(entry.recording().label(), first(entry)))
                .collect(() -> new TreeSet<>(CodePoints.ORDER), TreeSet::add, TreeSet::addAll)
                .stream()
                .toList();
        return Metrics.ofRanks(
                labels.size(),
                entries.stream()
                        .mapToInt(entry -> labels.indexOf(entry.recording().label()))
                        .toArray(),
                entries.stream().mapToInt(entry -> labels.indexOf(first(entry))).toArray(),
                entries.stream().mapToInt(entry -> entry.rank() - 1).toArray());
    }

    private static String first(Prediction entry) {
        return entry.guesses().getFirst().label();
    }

    /** The text of a CSV file, scores with six digits after the point. */
    public String csv() {
        int guesses =
                entries.stream().mapToInt(entry -> entry.guesses().size()).max().orElse(0);
        List<String> header = new ArrayList<>(HEADER);
        IntStream.rangeClosed(1, guesses).forEach(place -> header.addAll(List.of("label_" + place, "score_" + place)));
        StringBuilder lines = new StringBuilder(Csv.line(header));
        for (Prediction entry : entries) {
            Recording recording = entry.recording();
            List<String> fields = new ArrayList<>(
                    List.of(recording.file(), recording.label(), recording.group(), Integer.toString(entry.rank())));
            entry.guesses()
                    .forEach(guess ->
                            fields.addAll(List.of(guess.label(), String.format(Locale.ROOT, "%.6f", guess.score()))));
            lines.append(Csv.line(fields));
        }
        return lines.toString();
    }

    /** Reads what {@link #csv} gave. */
    public static Predictions read(Path file) {
        String where = "predictions " + file;
        List<Csv.Row> rows;
        try {
            rows = CsvFile.rows(file, where);
        } catch (IOException e) {
            throw new DataException("no predictions can be read from " + file + " (" + e + ")", e);
        }
        int width = rows.isEmpty() ? 0 : rows.getFirst().fields().size();
        if (width < HEADER.size() + 2
                || !rows.getFirst().fields().subList(0, HEADER.size()).equals(HEADER)) {
            throw new DataException(where + " does not begin with the columns " + HEADER + " and those of a guess");
        }
        return new Predictions(rows.stream()
                .skip(1)
                .map(row -> {
                    try {
                        return prediction(row.fields(), width);
                    } catch (DataException | NumberFormatException e) {
                        throw new DataException(where + ", line " + row.line() + ": " + e.getMessage(), e);
                    }
                })
                .toList());
    }

    private static Prediction prediction(List<String> fields, int width) {
        if (fields.size() != width) {
            throw new DataException("found " + fields.size() + " fields; expected " + width);
        }
        List<Guess> guesses = new ArrayList<>();
        for (int place = HEADER.size(); place + 1 < width; place += 2) {
            guesses.add(new Guess(fields.get(place), Double.parseDouble(fields.get(place + 1))));
        }
        Recording recording = new Recording(fields.get(0), fields.get(1), fields.get(2));
        return new Prediction(recording, Integer.parseInt(fields.get(3)), guesses);
    }
}
