package org.chiffchaff.training.command;

import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.ResolvedOptions;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Split;
import org.chiffchaff.models.Manifest;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.OrtLibrary;
import org.chiffchaff.training.feed.ScanReport;
import org.chiffchaff.training.run.RunDescription;
import org.chiffchaff.training.run.RunFolder;
import org.chiffchaff.training.run.RunLock;
import org.chiffchaff.training.run.TrainPlan;
import org.chiffchaff.training.run.TrainRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
public final class TrainCommand implements CachingSubcommand {
    private static final Set<String> BESIDE_RESUME = Stream.concat(
                    Stream.of(
                            "--resume",
                            "--epochs",
                            "--checkpoint-minutes",
                            "--cache-dir",
                            "--config",
                            "--help",
                            "--version"),
                    Stream.of(DeviceOptions.NAMES))
            .collect(Collectors.toUnmodifiableSet());

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
                    "Go on with the run in that folder, with the data and settings it began with. Only --epochs, to"
                            + " add to them, --checkpoint-minutes, --device with its --cuda options and --cache-dir may stand"
                            + " beside it.")
    private Path resume;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "What the model is called: letters, digits, '.', '_' and '-'. Default: made of the name of the"
                            + " run's folder.")
    private String name;

    @Mixin
    private PlanOptions plan;

    @Mixin
    private DeviceOptions device;

    @Option(
            names = "--checkpoint-minutes",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Save the run so often within an epoch, too; 0 for after every step. However the process ends,"
                            + " --resume goes on from there.")
    private int checkpointMinutes;

    @Mixin
    private CacheOption cache;

    @Override
    public Integer call() {
        if (checkpointMinutes < 0) {
            throw Usage.wrong(spec, "checkpoint-minutes is " + checkpointMinutes + "; expected at least 0");
        }
        if (resume != null) {
            resume();
        } else {
            begin();
        }
        return Chiffchaff.OK;
    }

    private void resume() {
        IdleOptions idle = new IdleOptions(spec);
        spec.options().stream()
                .map(OptionSpec::longestName)
                .filter(each -> !BESIDE_RESUME.contains(each))
                .forEach(each -> idle.add("beside --resume: a run goes on with what it began with", each));
        device.addIdle(idle);
        idle.refuse();
        Device runsOn = device.chosen();
        DeviceOptions.require(runsOn);
        RunFolder folder = RunFolder.open(resume);
        RunLock.holding(resume, () -> {
            RunDescription run = extended(folder);
            Dataset dataset = run.dataset();
            run(folder, run, runsOn, dataset, Split.read(folder.split(), dataset));
        });
    }

    private RunDescription extended(RunFolder folder) {
        RunDescription run = folder.description();
        if (!Usage.given(spec, "--epochs")) {
            return run;
        }
        int before = run.plan().stop().epochs();
        if (plan.epochs() < before) {
            throw Usage.wrong(
                    spec,
                    "--epochs is " + plan.epochs() + ", and the run " + resume + " has " + before
                            + "; --resume can add to them, not take away");
        }
        int patience = run.plan().stop().patience();
        if (folder.resumable() && folder.progress().patienceIsOver(patience)) {
            throw Usage.wrong(
                    spec,
                    "the run " + resume + " ended early, after " + patience + " epochs that brought no better one, and"
                            + " more --epochs would not be trained; begin a new run with a larger --patience");
        }
        return run.withEpochs(plan.epochs());
    }

    private void begin() {
        if (out == null) {
            throw Usage.wrong(spec, "--out is missing; expected a folder for the run, such as runs/first");
        }
        TrainPlan settings = plan.plan();
        Device runsOn = device.chosen();
        String channel = plan.channel();
        IdleOptions idle = new IdleOptions(spec);
        data.addIdle(idle);
        plan.addIdle(idle);
        device.addIdle(idle);
        idle.refuse();
        Dataset dataset = data.dataset();
        ScanReport.print(dataset, spec.commandLine().getErr());
        Split split = data.split(dataset, plan.seed());
        if (split.part(Part.VALIDATION).isEmpty()) {
            idle.add("where the split has no validation part", "--patience");
            idle.refuse();
        }
        Path absolute = data.folder().toAbsolutePath().normalize();
        String called = Usage.checked(spec, this::modelName);
        RunDescription run = new RunDescription(
                called,
                absolute.toString(),
                data.layout(),
                plan.damaged(),
                channel,
                cache.named(),
                dataset.labels(),
                List.of(),
                0,
                0,
                settings);
        // Whatever may be missing here is found out before there is a folder to be removed again.
        DeviceOptions.require(runsOn);
        Map<String, String> environment = environment();
        RunFolder folder = RunFolder.create(out);
        RunLock.holding(out, () -> {
            split.write(folder.split());
            folder.write("config.toml", ResolvedOptions.toToml(spec, idle.names()));
            folder.writeJson("environment.json", environment);
            folder.write("equal_content.csv", ScanReport.equalContents(dataset));
            folder.describe(run);
            data.tell(dataset, split);
            run(folder, run, runsOn, dataset, split);
        });
    }

    private String modelName() {
        if (name != null) {
            Manifest.requireFolderName("name", name);
            return name;
        }
        String folder = String.valueOf(out.toAbsolutePath().normalize().getFileName());
        String called = modelName(folder);
        if (!called.equals(folder)) {
            spec.commandLine().getErr().println("the model of " + folder + " is called " + called);
        }
        return called;
    }

    /** A name that a model may have, as near as can be to a folder's. */
    static String modelName(String folder) {
        String plain = Normalizer.normalize(folder, Normalizer.Form.NFD).replaceAll("\\p{M}+", "");
        String allowed = plain.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+|-+$", "");
        return allowed.isEmpty() ? "model" : allowed;
    }

    private void run(RunFolder folder, RunDescription run, Device runsOn, Dataset dataset, Split split) {
        new TrainRun(
                        folder,
                        run,
                        runsOn,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr())
                .train(dataset, split, new Interval(Duration.ofMinutes(checkpointMinutes), System::nanoTime));
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
