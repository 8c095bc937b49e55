package org.chiffchaff.training.command;

import java.nio.file.Path;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.models.BundleWriter.Existing;
import org.chiffchaff.training.run.Bundles;
import org.chiffchaff.training.run.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A run's checkpoint as a model bundle. */
@Command(
        name = "export",
        description =
                "Writes a run's checkpoint as a model bundle: what 'serve' serves, and one ONNX file from sound to scores for"
                        + " everyone else. 'train' does so at its end, with the best checkpoint.")
public final class ExportCommand implements CachingSubcommand {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The run's folder.")
    private Path run;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Folder of models: the bundle goes to DIR/NAME/VERSION. Default: the run's bundle folder.")
    private Path to;

    @Option(
            names = "--bundle-version",
            paramLabel = "VERSION",
            defaultValue = "1.0.0",
            description = "The bundle's version.")
    private String version;

    @Option(names = "--checkpoint", paramLabel = "WHICH", defaultValue = "best", description = "best or last.")
    private RunFolder.Kept checkpoint;

    @Option(names = "--replace", description = "Replace a bundle of that version.")
    private boolean replace;

    @Override
    public Integer call() {
        RunFolder folder = RunFolder.open(run);
        Path bundle = Bundles.write(
                folder,
                checkpoint,
                to == null ? folder.bundle() : to,
                version,
                replace ? Existing.REPLACE : Existing.REFUSE);
        spec.commandLine().getOut().println(bundle);
        return Chiffchaff.OK;
    }
}
