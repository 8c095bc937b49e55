package org.chiffchaff.client;

import java.io.PrintWriter;
import java.util.Locale;

/** How answers are printed. */
enum OutputFormat {
    TABLE,
    CSV,
    JSON;

    ResultWriter writer(PrintWriter out, float minimumConfidence) {
        return switch (this) {
            case TABLE -> new TableWriter(out, minimumConfidence);
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
