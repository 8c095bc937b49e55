package org.chiffchaff.training;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.chiffchaff.autodiff.Target;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.ResolvedOptions;
import org.chiffchaff.cli.Subcommand;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Split;
import org.chiffchaff.models.Manifest;
import org.chiffchaff.onnx.OrtLibrary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Recordings to a model. */
@Command(
        name = "train",
        sortOptions = false,
        description = {
            "Learns to tell species apart from a folder of recordings, one folder per species.",
            "Ends in a model bundle for 'serve', under OUT/bundle. Ctrl-C saves the run for --resume."
        })
public final class TrainCommand implements Subcommand {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SplitOptions data;

    @Option(names = "--out", paramLabel = "DIR", description = "The run's folder, a new one.")
    private Path out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "Go on with the run in that folder, with the data and settings it began with; of the other options, only"
                            + " --device counts.")
    private Path resume;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the model is called. Default: the name of the run's folder.")
    private String name;

    @Mixin
    private PlanOptions plan;

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "auto", description = "auto, cpu or cuda.")
    private Device device;

    @Mixin
    private CacheOption cache;

    @Override
    public Integer call() {
        if (resume != null) {
            RunFolder folder = RunFolder.open(resume);
            RunDescription run = folder.description();
            Dataset dataset = run.dataset();
            run(folder, run, device.resolve(), dataset, Split.read(folder.split(), dataset));
        } else {
            begin();
        }
        return Chiffchaff.OK;
    }

    private void begin() {
        if (out == null) {
            throw Usage.wrong(spec, "--out is missing; expected a folder for the run, such as runs/first");
        }
        IdleOptions idle = new IdleOptions(spec);
        data.addIdle(idle);
        idle.refuse();
        TrainPlan settings = plan.plan();
        Dataset dataset = data.dataset();
        dataset.emptyFolders()
                .forEach(each -> spec.commandLine()
                        .getErr()
                        .println("no recordings in the folder " + each + "; it is no species"));
        Split split = data.split(dataset, plan.seed());
        Path absolute = data.folder().toAbsolutePath().normalize();
        String called = Usage.checked(spec, this::modelName);
        RunDescription run = new RunDescription(
                called, absolute.toString(), cache.folder().toString(), dataset.labels(), 0, 0, settings);
        // Whatever may be missing here is found out before there is a folder to be removed again.
        Target target = device.resolve();
        Map<String, String> environment = environment();
        RunFolder folder = RunFolder.create(out);
        split.write(folder.split());
        folder.write("config.toml", ResolvedOptions.toToml(spec, idle.names()));
        folder.writeJson("environment.json", environment);
        folder.describe(run);
        data.tell(dataset, split);
        run(folder, run, target, dataset, split);
    }

    private String modelName() {
        Path folder = out.toAbsolutePath().normalize();
        String called = name == null ? String.valueOf(folder.getFileName()) : name;
        Manifest.requireFolderName("name", called);
        return called;
    }

    private void run(RunFolder folder, RunDescription run, Target target, Dataset dataset, Split split) {
        new TrainRun(
                        folder,
                        run,
                        target,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr())
                .train(dataset, split);
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String property : new String[] {"java.version", "java.vendor", "os.name", "os.version", "os.arch"}) {
            environment.put(property, System.getProperty(property));
        }
        environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.put("chiffchaff", Chiffchaff.version());
        environment.put("onnxruntime", OrtLibrary.environment().getVersion());
        return environment;
    }
}
