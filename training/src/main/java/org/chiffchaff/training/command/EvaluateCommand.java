package org.chiffchaff.training.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.Interruption;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Metrics;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Split;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.run.Evaluator;
import org.chiffchaff.training.run.RunDescription;
import org.chiffchaff.training.run.RunFolder;
import org.chiffchaff.training.run.TrainRun;
import org.chiffchaff.training.session.OrtTrainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How well a run does on a part of its data. */
@Command(name = "evaluate", description = "Measures a run's checkpoint on a part of its data, by recording.")
public final class EvaluateCommand implements CachingSubcommand {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The run's folder.")
    private Path root;

    @Option(names = "--part", paramLabel = "PART", defaultValue = "test", description = "train, validation or test.")
    private Part part;

    @Option(names = "--checkpoint", paramLabel = "WHICH", defaultValue = "best", description = "best or last.")
    private RunFolder.Kept checkpoint;

    @Option(names = "--per-class", description = "Print precision, recall, F1 and support of each species as CSV, too.")
    private boolean perClass;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() {
        IdleOptions idle = new IdleOptions(spec);
        device.addIdle(idle);
        idle.refuse();
        Device runsOn = device.chosen();
        DeviceOptions.require(runsOn);
        PrintWriter out = spec.commandLine().getOut();
        RunFolder folder = RunFolder.open(root);
        RunDescription run = folder.description();
        Dataset dataset = run.dataset();
        TrainRun steps =
                new TrainRun(folder, run, runsOn, out, spec.commandLine().getErr());
        Examples examples =
                steps.load(dataset, Split.read(folder.split(), dataset)).part(part);
        if (examples.isEmpty()) {
            throw new TrainingException("The run " + root + " has no usable recording in its " + part + " part");
        }
        try (Interruption interruption = Interruption.watch();
                OrtTrainer trainer = folder.trainer(checkpoint, runsOn)) {
            Metrics metrics = Evaluator.evaluate(trainer, examples, steps.buffer(), () -> stopIfAsked(interruption))
                    .metrics();
            steps.print(metrics);
            if (perClass) {
                out.print(TrainRun.perClass(run.labels(), metrics));
            }
        }
        return Chiffchaff.OK;
    }

    private static void stopIfAsked(Interruption interruption) {
        if (interruption.requested()) {
            throw new CancellationException("stopped while the checkpoint was measured");
        }
    }
}
