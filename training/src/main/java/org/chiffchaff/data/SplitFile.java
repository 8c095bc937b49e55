package org.chiffchaff.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chiffchaff.models.Csv;

/** A split as CSV: file,label,group,part. */
final class SplitFile {
    private static final List<String> HEADER = List.of("file", "label", "group", "part");

    private SplitFile() {}

    static void write(Path file, Split split) {
        StringBuilder lines = new StringBuilder(Csv.line(HEADER));
        for (Split.Entry entry : split.entries()) {
            Recording recording = entry.recording();
            lines.append(Csv.line(List.of(
                    recording.file(),
                    recording.label(),
                    recording.group(),
                    entry.part().toString())));
        }
        try {
            Files.writeString(file, lines);
        } catch (IOException e) {
            throw new DataException("the split cannot be written to " + file + ": " + e, e);
        }
    }

    static Split read(Path file, Dataset dataset) {
        List<Csv.Row> rows = rows(file);
        List<String> header = rows.isEmpty() ? List.of() : rows.getFirst().fields();
        if (!header.equals(HEADER)) {
            throw new DataException("split " + file + ": the first line is '" + String.join(",", header)
                    + "'; expected " + String.join(",", HEADER));
        }
        Map<String, Recording> known =
                dataset.recordings().stream().collect(Collectors.toMap(Recording::file, Function.identity()));
        SplitRules rules = new SplitRules();
        List<Split.Entry> entries = new ArrayList<>();
        for (Csv.Row row : rows.subList(1, rows.size())) {
            try {
                Split.Entry entry = entry(row.fields(), known, dataset.root());
                rules.check(entry);
                entries.add(entry);
            } catch (DataException e) {
                throw new DataException("split " + file + ", line " + row.line() + ": " + e.getMessage(), e);
            }
        }
        return new Split(entries);
    }

    private static Split.Entry entry(List<String> fields, Map<String, Recording> known, Path root) {
        if (fields.size() != HEADER.size()) {
            throw new DataException("found " + fields.size() + " fields; expected " + String.join(",", HEADER));
        }
        // Written on a system that spells names otherwise, it is the same split.
        Recording recording =
                new Recording(Scan.composed(fields.get(0)), Scan.composed(fields.get(1)), Scan.composed(fields.get(2)));
        Recording found = known.get(recording.file());
        if (found == null) {
            throw new DataException("file '" + recording.file() + "' is not in " + root
                    + "; expected the data set that the split was made from");
        }
        if (!found.label().equals(recording.label())) {
            throw new DataException("file '" + recording.file() + "' has the label '" + recording.label()
                    + "'; expected '" + found.label() + "', its folder in " + root);
        }
        return new Split.Entry(recording, Part.named(fields.get(3)));
    }

    private static List<Csv.Row> rows(Path file) {
        try {
            return CsvFile.rows(file, "split " + file);
        } catch (IOException e) {
            throw new DataException(
                    "no split can be read from " + file + " (" + e + "); expected a CSV file: "
                            + String.join(",", HEADER),
                    e);
        }
    }
}
