package org.chiffchaff.training.command;

import java.nio.file.Path;
import org.chiffchaff.data.Dataset;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where the recordings are; shared by all commands that read them. */
final class DataOption {
    @Option(names = "--data", paramLabel = "DIR", description = "Recordings: one folder per species, named after it.")
    private Path folder;

    @Option(
            names = "--nested",
            description = "Every folder that recordings lie directly in is a species, named after that folder alone;"
                    + " without it, what lies deeper belongs to the species of the folder in DIR.")
    private boolean nested;

    /** The folder that was given to the command. */
    Path folder(CommandSpec command) {
        if (folder == null) {
            throw Usage.wrong(
                    command, "--data is missing; expected a folder with one folder of recordings per species");
        }
        return folder;
    }

    Dataset.Layout layout() {
        return nested ? Dataset.Layout.NESTED : Dataset.Layout.FLAT;
    }
}
