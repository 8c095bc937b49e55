package org.chiffchaff.models;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvWriteFeature;

/** Comma-separated values as RFC 4180 has them, with plain line feeds between records; blank lines are no records. */
public final class Csv {
    private static final CsvMapper MAPPER = CsvMapper.builder()
            .enable(CsvWriteFeature.STRICT_CHECK_FOR_QUOTING)
            .enable(CsvReadFeature.WRAP_AS_ARRAY)
            .enable(CsvReadFeature.SKIP_EMPTY_LINES)
            .build();

    private Csv() {}

    /**
     * A record of a file.
     *
     * @param line where it begins, counted from 1
     */
    public record Row(int line, List<String> fields) {
        public Row {
            fields = List.copyOf(fields);
        }
    }

    /** One record, quoted where it must be, with its line feed. */
    public static String line(List<String> fields) {
        return MAPPER.writeValueAsString(fields);
    }

    /**
     * The records of a text.
     *
     * @param where names the file in errors
     * @throws ModelException where quotation marks do not match
     */
    public static List<Row> read(String text, String where) {
        List<Row> rows = new ArrayList<>();
        try (MappingIterator<List<String>> records =
                MAPPER.readerForListOf(String.class).readValues(text)) {
            while (records.hasNextValue()) {
                int line = records.currentLocation().getLineNr();
                rows.add(new Row(line, records.nextValue()));
            }
            return rows;
        } catch (JacksonException e) {
            throw new ModelException(
                    where + ", line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        }
    }
}
