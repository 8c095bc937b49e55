package org.chiffchaff.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chiffchaff.cli.ShellWords;
import org.chiffchaff.data.Dataset;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of a sweep. Knows {@code train} by its words and by what a run folder holds: {@code run.json} once it has
 * begun, {@code test.json} once it is over, {@code progress.json} with the best epoch. Adds {@code bench.json}.
 *
 * @param folder the run's
 * @param words of the command that begins it
 */
record Trial(String fold, long seed, Path folder, List<String> words) {
    private static final String LEDGER = "bench.json";
    // What says where to train; but for the flag, its value is in the same word or the next.
    private static final Pattern DEVICE = Pattern.compile("--(device|cuda-[a-z0-9-]+)(?<value>=.*)?");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    Trial {
        words = List.copyOf(words);
    }

    /** The content of {@code bench.json}: what began the run, and the wall clock of all its attempts. */
    record Ledger(List<String> words, double seconds) {}

    /** The words that begin it or, where it was stopped, go on with it: all but the device is in its folder. */
    List<String> next() {
        if (!begun()) {
            return words;
        }
        List<String> next = new ArrayList<>(List.of("train"));
        for (int i = 0; i < words.size(); i++) {
            Matcher device = DEVICE.matcher(words.get(i));
            if (device.matches()) {
                boolean whole = device.group("value") != null || words.get(i).equals("--cuda-tf32");
                next.addAll(words.subList(i, i + (whole ? 1 : 2)));
            }
        }
        next.addAll(List.of("--resume", folder.toString()));
        return next;
    }

    private boolean begun() {
        return Files.exists(folder.resolve("run.json"));
    }

    boolean finished() {
        return Files.exists(folder.resolve("test.json"));
    }

    /**
     * Refuses a folder with a run of another command: its figures would be taken for this one's.
     *
     * @throws BenchmarkException where there is one
     */
    void verify() {
        if (!begun()) {
            return;
        }
        if (!Files.exists(folder.resolve(LEDGER))) {
            throw new BenchmarkException(folder + " holds a run that no benchmark made; choose another --out");
        }
        List<String> found = read(LEDGER, Ledger.class).words();
        if (!found.equals(words)) {
            throw new BenchmarkException(folder + " was made by another command; choose another --out.\n  found:    "
                    + ShellWords.typed(found) + "\n  expected: " + ShellWords.typed(words));
        }
    }

    /** Adds an attempt to the ledger; the first, of no length, is written before the run begins. */
    void spend(double seconds) {
        double before = begun() ? read(LEDGER, Ledger.class).seconds() : 0;
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve(LEDGER), JSON.writeValueAsString(new Ledger(words, before + seconds)) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + folder + ": " + e, e);
        }
    }

    /**
     * What came of it, once it is finished.
     *
     * @param unseen which recordings to look at alone; none, where it is not asked
     */
    Outcome outcome(Optional<Unseen> unseen) {
        JsonNode test = read("test.json", JsonNode.class);
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.OF_ALL) {
            JsonNode found = figure == Figure.TOP_5 ? test.path(figure.toString()) : test.required(figure.toString());
            if (!found.isMissingNode()) {
                figures.put(figure, found.asDouble());
            }
        }
        unseen.ifPresent(each -> figures.putAll(each.figures(folder, layout())));
        int bestEpoch =
                1 + read("progress.json", JsonNode.class).required("best").asInt();
        return new Outcome(
                fold, seed, figures, bestEpoch, read(LEDGER, Ledger.class).seconds());
    }

    private Dataset.Layout layout() {
        return Dataset.Layout.valueOf(
                read("run.json", JsonNode.class).path("layout").asString(Dataset.Layout.FLAT.name()));
    }

    private <T> T read(String file, Class<T> type) {
        try {
            return JSON.readValue(Files.readString(folder.resolve(file)), type);
        } catch (IOException | JacksonException e) {
            throw new BenchmarkException("Cannot read " + folder.resolve(file) + ": " + e.getMessage(), e);
        }
    }
}
