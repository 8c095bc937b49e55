package org.chiffchaff.training;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where the recordings are; shared by all commands that read them. */
final class DataOption {
    @Option(names = "--data", paramLabel = "DIR", description = "Recordings: one folder per species, named after it.")
    private Path folder;

    /** The folder that was given to the command. */
    Path folder(CommandSpec command) {
        if (folder == null) {
            throw Usage.wrong(
                    command, "--data is missing; expected a folder with one folder of recordings per species");
        }
        return folder;
    }
}
