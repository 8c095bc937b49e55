package org.chiffchaff.cli;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;

/** A recording the model never learned from, and the species it is known to be. */
record HeldOut(Path file, String label) {
    private static final CsvMapper CSV = CsvMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** At most {@code limit} test recordings of a run's split, species by species in turn. */
    static List<HeldOut> choose(Path split, Path data, int limit) {
        Map<String, Queue<HeldOut>> species = new TreeMap<>();
        for (HeldOut each : read(split, data)) {
            species.computeIfAbsent(each.label, label -> new ArrayDeque<>()).add(each);
        }
        List<HeldOut> chosen = new ArrayList<>();
        while (chosen.size() < limit && !species.isEmpty()) {
            species.values().stream()
                    .limit(limit - chosen.size())
                    .map(Queue::remove)
                    .forEach(chosen::add);
            species.values().removeIf(Queue::isEmpty);
        }
        return chosen;
    }

    /** A line of the split. */
    private record Row(String file, String label, String part) {}

    private static List<HeldOut> read(Path split, Path data) {
        try (MappingIterator<Row> rows = CSV.readerFor(Row.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(split)) {
            return rows.readAll().stream()
                    .filter(row -> row.part.equals("test"))
                    .map(row -> new HeldOut(data.resolve(row.file), row.label))
                    .toList();
        } catch (JacksonException e) {
            throw new DemoException(split + ": the training run left no readable split: " + e.getOriginalMessage(), e);
        }
    }
}
