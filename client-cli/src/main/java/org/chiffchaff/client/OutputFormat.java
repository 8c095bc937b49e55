package org.chiffchaff.client;

import java.io.PrintWriter;
import java.util.Locale;
import org.chiffchaff.cli.Terminal;

/** How answers are printed. */
enum OutputFormat {
    TABLE,
    CSV,
    JSON;

    ResultWriter writer(PrintWriter out, float minimumConfidence) {
        return switch (this) {
            case TABLE ->
                new TableWriter(out, minimumConfidence, Terminal.outputColumns().orElse(TableWriter.USUAL_COLUMNS));
            case CSV -> new CsvWriter(out);
            case JSON -> new JsonWriter(out);
        };
    }

    /** As it stands in help and on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
