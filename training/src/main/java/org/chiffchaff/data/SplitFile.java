package org.chiffchaff.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A split as CSV: file,label,group,part. */
final class SplitFile {
    private static final String HEADER = "file,label,group,part";

    private SplitFile() {}

    static void write(Path file, Split split) {
        StringBuilder lines = new StringBuilder(HEADER).append('\n');
        for (Split.Entry entry : split.entries()) {
            Recording recording = entry.recording();
            lines.append(Csv.line(
                            recording.file(),
                            recording.label(),
                            recording.group(),
                            entry.part().toString()))
                    .append('\n');
        }
        try {
            Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Split read(Path file, Dataset dataset) {
        List<String> lines = lines(file);
        // Spreadsheets put a byte order mark first.
        if (lines.isEmpty() || !lines.getFirst().replace("\uFEFF", "").equals(HEADER)) {
            throw new DataException("split " + file + ": the first line is '"
                    + (lines.isEmpty() ? "" : lines.getFirst()) + "'; expected " + HEADER);
        }
        Map<String, Recording> known =
                dataset.recordings().stream().collect(Collectors.toMap(Recording::file, Function.identity()));
        SplitRules rules = new SplitRules();
        List<Split.Entry> entries = new ArrayList<>();
        for (int line = 1; line < lines.size(); line++) {
            try {
                Split.Entry entry = entry(lines.get(line), known, dataset.root());
                rules.check(entry);
                entries.add(entry);
            } catch (DataException e) {
                throw new DataException("split " + file + ", line " + (line + 1) + ": " + e.getMessage(), e);
            }
        }
        return new Split(entries);
    }

    private static Split.Entry entry(String line, Map<String, Recording> known, Path root) {
        List<String> fields = Csv.fields(line);
        if (fields.size() != 4) {
            throw new DataException("found " + fields.size() + " fields; expected " + HEADER);
        }
        Recording recording = new Recording(fields.get(0), fields.get(1), fields.get(2));
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

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, UTF_8);
        } catch (IOException e) {
            throw new DataException(
                    "no split can be read from " + file + " (" + e + "); expected a CSV file: " + HEADER, e);
        }
    }
}
