package org.chiffchaff.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.Interruption;
import org.chiffchaff.cli.ShellWords;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Metadata;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code bench accuracy}: the same training over folds and seeds. Every run is a command line that one could type, so
 * what is measured is what users get.
 */
@Command(
        name = "accuracy",
        sortOptions = false,
        description = {
            "Trains once for every fold and seed, and prints what came of it: by run, mean and standard deviation.",
            "Finished runs are kept and a stopped one goes on where it was: give the same command again."
        },
        footer = {
            "",
            "A --config file is handed on to 'train', which reads its [train] table. The table of results goes to"
                    + " stdout and, as results.csv and results.md, beside the runs."
        })
final class AccuracyCommand implements CachingSubcommand {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Recordings: one folder per species, named after it.")
    private Path data;

    @Option(
            names = "--fold",
            split = ",",
            paramLabel = "N",
            showDefaultValue = Visibility.NEVER,
            description = "Folds to test on, each in a run of its own; without it, all that --folds makes.")
    private final List<String> testFolds = new ArrayList<>();

    @Option(
            names = "--folds",
            paramLabel = "K",
            defaultValue = "0",
            showDefaultValue = Visibility.NEVER,
            description = "For data without folds: 'train' makes K of them.")
    private int folds;

    @Option(
            names = "--seeds",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,2,3",
            description = "Seeds, each in a run of its own.")
    private List<Long> seeds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the runs go; without it, runs/bench/ and the name of the data's folder.")
    private Path out;

    @Option(
            names = "--floor",
            split = ",",
            paramLabel = "FIGURE=VALUE",
            showDefaultValue = Visibility.NEVER,
            description = "Published figures to print beside ours: accuracy, macro_f1, top_5, or with"
                    + " 'unseen_' before them.")
    private final Map<Figure, Double> floors = new LinkedHashMap<>();

    @Option(
            names = "--metadata",
            paramLabel = "FILE",
            description = "CSV file for --unseen, here or in the data folder, as 'train --metadata' reads it.")
    private Path metadata;

    @Option(
            names = "--unseen",
            split = ",",
            paramLabel = "COLUMN",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Measure again the test recordings that agree in these columns of --metadata with no recording"
                            + " of their species in the other parts: recordist leaves those by people the model never heard"
                            + " that species from.")
    private final List<String> unseenColumns = new ArrayList<>();

    @Option(names = "--floor-source", paramLabel = "TEXT", description = "What the published figures are of.")
    private String floorSource;

    @Parameters(
            arity = "0..*",
            paramLabel = "-- TRAIN-OPTION",
            showDefaultValue = Visibility.NEVER,
            description = "After --, options of 'train' for every run.")
    private final List<String> trainOptions = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        List<Trial> trials = trials();
        Optional<Unseen> unseen = unseen();
        trials.forEach(Trial::verify);
        List<Outcome> outcomes = new ArrayList<>();
        try (Interruption interruption = Interruption.watch()) {
            for (Trial trial : trials) {
                int ended = trial.finished() ? Chiffchaff.OK : train(trial);
                if (interruption.requested()) {
                    err().println("stopped; the same command goes on from here");
                    return Chiffchaff.INTERRUPTED;
                }
                if (ended != Chiffchaff.OK) {
                    return ended;
                }
                outcomes.add(trial.outcome(unseen));
                write(new Report(outcomes, floors), trials);
            }
        }
        print(new Report(outcomes, floors));
        return Chiffchaff.OK;
    }

    private Optional<Unseen> unseen() {
        if ((metadata == null) != unseenColumns.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--metadata and --unseen go together; expected a CSV file, and the columns of it to compare by");
        }
        if (metadata == null) {
            return Optional.empty();
        }
        // Metadata goes by files, whichever of their folders are species.
        return Optional.of(new Unseen(data, Metadata.read(metadata, data).known(Dataset.scan(data), unseenColumns)));
    }

    private List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        for (String fold : foldsToTest()) {
            for (long seed : seeds) {
                Path folder = folder().resolve("fold-" + fold + "-seed-" + seed);
                trials.add(new Trial(fold, seed, folder, words(fold, seed, folder)));
            }
        }
        return trials;
    }

    private List<String> foldsToTest() {
        if (testFolds.isEmpty() && folds == 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--fold or --folds is missing; expected the folds to test on, or how many to make");
        }
        return testFolds.isEmpty()
                ? IntStream.rangeClosed(1, folds).mapToObj(Integer::toString).toList()
                : testFolds;
    }

    private Path folder() {
        return out == null ? Path.of("runs", "bench", name()) : out;
    }

    private String name() {
        return data.toAbsolutePath().normalize().getFileName().toString();
    }

    private List<String> words(String fold, long seed, Path folder) {
        List<String> words = new ArrayList<>(List.of("train"));
        Path config = spec.findOption("--config").getValue();
        if (config != null) {
            words.addAll(List.of("--config", config.toString()));
        }
        words.addAll(List.of("--data", data.toString()));
        if (folds > 0) {
            words.addAll(List.of("--folds", Integer.toString(folds)));
        }
        words.addAll(List.of("--fold", fold, "--seed", Long.toString(seed), "--out", folder.toString()));
        words.addAll(trainOptions);
        return words;
    }

    /** One attempt at a run. What it prints is news of the way, not a result: all goes to stderr. */
    private int train(Trial trial) {
        List<String> words = trial.next();
        trial.spend(0);
        err().println("\n$ " + ShellWords.typed(words));
        long started = System.nanoTime();
        try {
            return Chiffchaff.run(err(), err(), words.toArray(String[]::new));
        } finally {
            trial.spend((System.nanoTime() - started) / 1e9);
        }
    }

    private void write(Report report, List<Trial> trials) throws IOException {
        Files.writeString(folder().resolve("results.csv"), report.csv());
        String page = "# " + name() + "\n\n" + report.markdown() + "\n" + summary(report) + "\n" + machine()
                + "\n\nThe first of " + trials.size() + " runs; the others differ in fold, seed and folder:\n\n    "
                + ShellWords.typed(trials.getFirst().words()) + "\n";
        Files.writeString(folder().resolve("results.md"), page);
    }

    private void print(Report report) {
        PrintWriter table = spec.commandLine().getOut();
        table.printf("%n%s%n%s%nresults.csv and results.md are in %s%n", report.text(), summary(report), folder());
        table.flush();
    }

    private String summary(Report report) {
        String mean = report.outcomes().size() > 1 ? "Mean ± standard deviation (of a sample) of " : "Mean of ";
        String floor = floorSource == null ? "" : " The floor is published: " + floorSource + ".";
        String unseen = unseenColumns.isEmpty()
                ? ""
                : " Unseen are test recordings whose " + String.join(" and ", unseenColumns)
                        + " no recording of their species in the other parts has.";
        return mean + report.outcomes().size() + " runs." + unseen + floor;
    }

    /** When and on what; for the table of record. */
    private static String machine() {
        return "%s, Java %s, %s %s, %d processors."
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        System.getProperty("java.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors());
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
