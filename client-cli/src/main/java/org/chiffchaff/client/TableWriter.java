package org.chiffchaff.client;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.RankedSpecies;
import org.chiffchaff.v1.Species;
import org.chiffchaff.v1.Warning;

/** A table for reading: what each recording holds as a whole. At most 100 columns wide. */
final class TableWriter implements ResultWriter {
    private static final int FILE_COLUMNS = 36;
    private static final int SPECIES_COLUMNS = 44;
    private static final String ROW = "%-" + FILE_COLUMNS + "s  %8s  %-" + SPECIES_COLUMNS + "s  %6s";

    private final PrintWriter out;
    private final float minimumConfidence;

    TableWriter(PrintWriter out, float minimumConfidence) {
        this.out = out;
        this.minimumConfidence = minimumConfidence;
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
            row("", "", "! " + warning.getText(), "");
        }
    }

    private void row(String file, String length, String species, String score) {
        out.println(ROW.formatted(file, length, species, score).stripTrailing());
    }

    private static String named(Species species) {
        String common = ResultWriter.commonName(species);
        String scientific = species.getScientificName();
        String both = scientific.isEmpty()
                        || common.equals(scientific)
                        || species.getCommonName().isEmpty()
                ? (scientific.isEmpty() ? common : scientific)
                : common + " (" + scientific + ")";
        return both.length() <= SPECIES_COLUMNS ? both : both.substring(0, SPECIES_COLUMNS - 1) + "\u2026";
    }

    // The end of a path says more than its start.
    private static String shortened(String path) {
        return path.length() <= FILE_COLUMNS ? path : "\u2026" + path.substring(path.length() - FILE_COLUMNS + 1);
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
