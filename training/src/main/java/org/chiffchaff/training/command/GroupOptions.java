package org.chiffchaff.training.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.chiffchaff.data.DataException;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Grouping;
import org.chiffchaff.data.Metadata;
import org.chiffchaff.data.Recording;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which recordings belong together; shared by the commands that deal them out. */
final class GroupOptions {
    static final String[] NAMES = {"--group-pattern", "--metadata", "--group-by", "--group-scope", "--groups"};

    @Option(
            names = "--group-pattern",
            paramLabel = "REGEX",
            description = "Files for which its first group finds the same in their names or, where it finds nothing"
                    + " there, in their paths below the data folder are cuts of one recording and stay together."
                    + " Default: every file is a recording, unless two have the same path within their species'"
                    + " folders but for the ending. Files of which an option says nothing keep to that.")
    private Pattern pattern;

    @Option(
            names = "--metadata",
            paramLabel = "FILE",
            description = "CSV file with a header and a line for each recording, here or in the data folder. A column"
                    + " says which: path, file or filename, or an id that the file's name begins with (xc_id, id).")
    private Path metadata;

    @Option(
            names = "--group-by",
            split = ",",
            paramLabel = "COLUMN",
            showDefaultValue = Visibility.NEVER,
            description = "Recordings that agree in these columns of --metadata stay together, such as recordist or"
                    + " recordist,date.")
    private final List<String> columns = new ArrayList<>();

    @Option(
            names = "--group-scope",
            paramLabel = "SCOPE",
            defaultValue = "species",
            description = "species: --group-by within each species, so that a model is judged by recordists it never"
                    + " heard that species from. all: across species; stricter, but one busy recordist may be most of"
                    + " a part.")
    private Scope scope;

    @Option(
            names = "--groups",
            paramLabel = "FILE",
            description = "CSV file with the columns file and group, here or in the data folder: groups of your own,"
                    + " across species. The split of an earlier run will do.")
    private Path groups;

    private enum Scope {
        SPECIES,
        ALL
    }

    /** Adds those that do nothing beside what else was chosen. */
    void addIdle(IdleOptions idle) {
        if (groups != null) {
            idle.add("beside --groups", "--metadata", "--group-by", "--group-scope", "--group-pattern");
        }
        if (metadata != null) {
            idle.add("beside --metadata", "--group-pattern");
        } else {
            idle.add("without --metadata", "--group-by", "--group-scope");
        }
    }

    /** The recordings in the groups that were asked for; says how many they are, and what is in none of them. */
    Dataset grouped(Dataset dataset, CommandSpec command) {
        PrintWriter news = command.commandLine().getErr();
        if (pattern != null) {
            Grouping grouping = Usage.checked(command, () -> Grouping.byPattern(pattern));
            if (dataset.ungrouped(grouping) == dataset.recordings().size()) {
                throw new DataException("the group pattern '" + pattern + "' matches no file in " + dataset.root()
                        + ", such as '" + dataset.recordings().getFirst().file() + "'; expected it to match their"
                        + " names, or their paths there");
            }
            return told(dataset, grouping, "--group-pattern", news);
        }
        if (groups != null) {
            Metadata.Known known = Metadata.read(groups, dataset.root()).known(dataset, List.of("group"));
            return told(dataset, known::of, groups.toString(), news);
        }
        if (metadata == null) {
            return dataset;
        }
        Metadata read = Metadata.read(metadata, dataset.root());
        if (columns.isEmpty()) {
            throw Usage.wrong(
                    command,
                    "--group-by is missing; expected one or more of the columns of " + metadata + ": "
                            + read.columns());
        }
        Metadata.Known known = read.known(dataset, columns);
        Grouping grouping = recording -> known.of(recording).map(value -> within(recording, value));
        String by = String.join(", ", columns) + " in " + metadata + " (lines found by " + known.key() + ")";
        return told(dataset, grouping, by, news);
    }

    private String within(Recording recording, String value) {
        return scope == Scope.SPECIES ? recording.label() + "/" + value : value;
    }

    private static Dataset told(Dataset dataset, Grouping grouping, String by, PrintWriter news) {
        Dataset grouped = dataset.grouped(grouping);
        long ungrouped = dataset.ungrouped(grouping);
        long count =
                grouped.recordings().stream().map(Recording::group).distinct().count();
        news.printf(
                "%d recordings in %d groups by %s%s%n",
                grouped.recordings().size(),
                count,
                by,
                ungrouped == 0 ? "" : "; " + ungrouped + " that it says nothing of are groups of their own");
        return grouped;
    }
}
