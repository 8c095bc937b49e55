package org.chiffchaff.client;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.RankedSpecies;
import org.chiffchaff.v1.Species;
import org.chiffchaff.v1.Warning;

/** A table for reading: what each recording holds as a whole. */
final class TableWriter implements ResultWriter {
    /** Where nobody knows how wide a screen the table will be read on. */
    static final int USUAL_COLUMNS = 100;

    private static final int LENGTH_COLUMNS = 8;
    private static final int SCORE_COLUMNS = 6;
    private static final int GAP_COLUMNS = 3 * "  ".length();
    // Their headings.
    private static final int LEAST_SHARED_COLUMNS = 20;
    // A file's part of what it shares with the species, which have two names.
    private static final double FILE_SHARE = 0.45;

    private final PrintWriter out;
    private final float minimumConfidence;
    private final int columns;
    private final int fileColumns;
    private final int speciesColumns;

    TableWriter(PrintWriter out, float minimumConfidence, int columns) {
        this.out = out;
        this.minimumConfidence = minimumConfidence;
        this.columns = columns;
        int shared = Math.max(LEAST_SHARED_COLUMNS, columns - LENGTH_COLUMNS - SCORE_COLUMNS - GAP_COLUMNS);
        this.fileColumns = (int) (shared * FILE_SHARE);
        this.speciesColumns = shared - fileColumns;
    }

    @Override
    public void begin() {
        row("RECORDING", "LENGTH", "SPECIES", "SCORE");
    }

    @Override
    public void write(Asked asked, IdentifyResponse response) {
        String name = shortened(asked.toString());
        String length = length(response.getDurationSeconds());
        List<RankedSpecies> ranking = response.getRankingList().stream()
                .filter(ranked -> ranked.getConfidence() >= minimumConfidence)
                .toList();
        if (ranking.isEmpty()) {
            row(name, length, percent("nothing above %s", minimumConfidence), "");
        }
        for (RankedSpecies ranked : ranking) {
            row(name, length, named(ranked.getSpecies()), percent("%s", ranked.getConfidence()));
            name = "";
            length = "";
        }
        for (Warning warning : response.getWarningsList()) {
            warn(warning.getText());
        }
    }

    private void warn(String text) {
        StringBuilder line = new StringBuilder("  !");
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > columns) {
                out.println(line);
                line = new StringBuilder("   ");
            }
            line.append(' ').append(word);
        }
        out.println(line);
    }

    private void row(String file, String length, String species, String score) {
        String row =
                "%-" + fileColumns + "s  %" + LENGTH_COLUMNS + "s  %-" + speciesColumns + "s  %" + SCORE_COLUMNS + "s";
        out.println(row.formatted(file, length, species, score).stripTrailing());
    }

    private String named(Species species) {
        String common = ResultWriter.commonName(species);
        String scientific = species.getScientificName();
        String both = scientific.isEmpty()
                        || common.equals(scientific)
                        || species.getCommonName().isEmpty()
                ? (scientific.isEmpty() ? common : scientific)
                : common + " (" + scientific + ")";
        return both.length() <= speciesColumns ? both : both.substring(0, speciesColumns - 1) + "\u2026";
    }

    // The end of a path says more than its start.
    private String shortened(String path) {
        return path.length() <= fileColumns ? path : "\u2026" + path.substring(path.length() - fileColumns + 1);
    }

    private static String percent(String format, float share) {
        return format.formatted(String.format(Locale.ROOT, "%.0f %%", 100 * share));
    }

    private static String length(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
