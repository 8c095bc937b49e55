package org.chiffchaff.client;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.chiffchaff.v1.Detection;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.Warning;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvWriteFeature;

/**
 * One line per detection: the columns of BirdNET-Analyzer and birda, then what is ours; quoted as RFC 4180 has it. A
 * recording with a warning and no detection has a line without times and species.
 */
final class CsvWriter implements ResultWriter {
    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvWriteFeature.STRICT_CHECK_FOR_QUOTING).build();

    private static final List<String> COLUMNS = List.of(
            "Start (s)", "End (s)", "Scientific name", "Common name", "Confidence", "File", "Warning", "Channel");

    private final PrintWriter out;

    CsvWriter(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin() {
        line(COLUMNS);
    }

    @Override
    public void write(Asked asked, IdentifyResponse response) {
        String warning =
                response.getWarningsList().stream().map(Warning::getText).collect(Collectors.joining("; "));
        if (response.getDetectionsCount() == 0 && !warning.isEmpty()) {
            line(List.of("", "", "", "", "", asked.file().toString(), warning, asked.channelWord()));
        }
        for (Detection detection : response.getDetectionsList()) {
            line(List.of(
                    seconds(detection.getStartSeconds()),
                    seconds(detection.getEndSeconds()),
                    detection.getSpecies().getScientificName(),
                    ResultWriter.commonName(detection.getSpecies()),
                    String.format(Locale.ROOT, "%.4f", detection.getConfidence()),
                    asked.file().toString(),
                    warning,
                    asked.channelWord()));
        }
    }

    private void line(List<String> fields) {
        out.print(CSV.writeValueAsString(fields));
        out.flush();
    }

    // To the millisecond, but 3.0 where that is all there is, as the neighbours write it.
    private static String seconds(double seconds) {
        return Double.toString(Math.round(seconds * 1_000) / 1_000.0);
    }
}
