package org.chiffchaff.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chiffchaff.models.Csv;

/**
 * A CSV file that says something of recordings, a line for each: who made it, when, where. Which recording a line is of,
 * a column says by its path or name, or by an id that the file's name begins with.
 */
public final class Metadata {
    private final String where;
    private final List<String> columns;
    private final List<Csv.Row> lines;

    private Metadata(String where, List<String> columns, List<Csv.Row> lines) {
        this.where = where;
        this.columns = columns;
        this.lines = lines;
    }

    /**
     * What a file says of the recordings of a data set.
     *
     * @param key the column that says which recording a line is of
     * @param values by {@link Recording#file()}; recordings that the file does not mention, or has an empty field for,
     *     have none
     */
    public record Known(String key, Map<String, String> values) {
        public Known {
            values = Map.copyOf(values);
        }

        public Optional<String> of(Recording recording) {
            return Optional.ofNullable(values.get(recording.file()));
        }
    }

    /**
     * Reads a file, which may be named as it lies in the data set's folder.
     *
     * @throws DataException where the file is not CSV with a header and as many fields in every line
     */
    public static Metadata read(Path file, Path dataset) {
        Path beside = dataset.resolve(file);
        return read(Files.notExists(file) && Files.exists(beside) ? beside : file);
    }

    private static Metadata read(Path file) {
        String where = "metadata " + file;
        List<Csv.Row> rows = rows(file, where);
        if (rows.isEmpty()) {
            throw new DataException(where + " is empty; expected a header and a line for each recording");
        }
        List<String> columns = rows.getFirst().fields();
        for (Csv.Row row : rows) {
            if (row.fields().size() != columns.size()) {
                throw new DataException(where + ", line " + row.line() + ": found "
                        + row.fields().size() + " fields; expected " + columns.size() + ", as the header has");
            }
        }
        return new Metadata(where, columns, rows.subList(1, rows.size()));
    }

    private static List<Csv.Row> rows(Path file, String where) {
        try {
            return CsvFile.rows(file, where);
        } catch (IOException e) {
            throw new DataException("no metadata can be read from " + file + " (" + e + "); expected a CSV file", e);
        }
    }

    /**
     * What some columns say of each recording, several joined by commas. Of the columns that can say which recording a
     * line is of, the one serves that finds most recordings; an id, where no path finds any.
     *
     * @throws DataException where there are no such columns, no line is of any of the recordings, or two lines say
     *     different things of one
     */
    public Known known(Dataset dataset, List<String> asked) {
        List<Integer> places = asked.stream().map(this::place).toList();
        List<MetadataKeys> keys = MetadataKeys.in(columns, lines);
        if (keys.isEmpty()) {
            throw new DataException(where + ": no column says which recording a line is of; found " + columns
                    + "; expected one of " + MetadataKeys.NAMES);
        }
        Known best = new Known("", Map.of());
        for (MetadataKeys each : keys) {
            // An id may be a line's own number, which finds anything; paths do not err.
            if (!each.isId() || best.values().isEmpty()) {
                Known found = new Known(each.column(), values(dataset, each, places));
                best = found.values().size() > best.values().size() ? found : best;
            }
        }
        if (best.values().isEmpty()) {
            MetadataKeys first = keys.getFirst();
            throw new DataException(where + ": none of its " + lines.size() + " lines is of a recording in "
                    + dataset.root() + "; its column '" + first.column() + "' has " + first.example()
                    + ", and a recording there is '"
                    + dataset.recordings().getFirst().file() + "'");
        }
        return best;
    }

    public List<String> columns() {
        return columns;
    }

    private int place(String column) {
        int place = columns.indexOf(column);
        if (place < 0 || place != columns.lastIndexOf(column)) {
            String hint = columns.size() == 1 ? "; expected commas between the columns" : "";
            throw new DataException(where + " has " + (place < 0 ? "no" : "more than one") + " column '" + column
                    + "'; its columns are " + columns + hint);
        }
        return place;
    }

    private Map<String, String> values(Dataset dataset, MetadataKeys keys, List<Integer> places) {
        Map<String, String> values = new HashMap<>();
        for (Recording recording : dataset.recordings()) {
            Map<String, Integer> said = new LinkedHashMap<>();
            for (Csv.Row line : keys.of(recording)) {
                said.putIfAbsent(value(line, places), line.line());
            }
            if (said.size() > 1) {
                throw new DataException(where + ": its lines " + said.values() + " say different things of '"
                        + recording.file() + "': " + said.keySet() + "; expected one");
            }
            said.keySet().stream()
                    .filter(value -> !value.isEmpty())
                    .forEach(value -> values.put(recording.file(), value));
        }
        return values;
    }

    // Empty where any of the fields is: half a name is nobody's.
    private static String value(Csv.Row line, List<Integer> places) {
        List<String> fields = places.stream()
                .map(place -> Scan.composed(line.fields().get(place).strip().replaceAll("\\s+", " ")))
                .toList();
        return fields.contains("") ? "" : String.join(", ", fields);
    }
}
