package org.chiffchaff.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole path, each step the command line a newcomer could type. Knows the other subcommands by their words alone
 * and by what they leave: {@code run/split.csv}, {@code run/bundle/NAME} and the line in which a server says its port.
 */
@Command(
        name = "demo",
        description = "Trains a model, serves it and identifies recordings it has never heard, in a few minutes.")
public final class DemoCommand implements CachingSubcommand {
    private static final String MARKER = ".chiffchaff-demo";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Recordings, one folder per species; without it the demo makes up songs of its own.")
    private Path data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs/demo",
            description = "Where everything goes; replaced if an earlier demo made it.")
    private Path out;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "15", description = "Epochs to train for, at most.")
    private int epochs;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "15",
            description = "Epochs without an improvement after which training stops.")
    private int patience;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Seed of all that is random.")
    private long seed;

    @Option(
            names = "--recordings",
            paramLabel = "N",
            defaultValue = "12",
            description = "Held-out recordings to identify.")
    private int recordings;

    @Override
    public Integer call() throws Exception {
        check();
        try {
            prepare();
        } catch (IOException e) {
            throw new DemoException(out + ": cannot be made an empty folder: " + e, e);
        }
        Path corpus = data == null ? out.resolve("corpus") : data;
        Path run = out.resolve("run");
        if (data == null) {
            int made = step(words("data", "synth", "--out", corpus, "--seed", seed));
            if (made != Chiffchaff.OK) {
                return made;
            }
        }
        int trained = step(words(
                "train",
                "--data",
                corpus,
                "--epochs",
                epochs,
                "--patience",
                patience,
                "--seed",
                seed,
                "--out",
                run,
                "--name",
                "demo"));
        return trained == Chiffchaff.OK ? serve(corpus, run) : trained;
    }

    /** Before anything is replaced. */
    private void check() {
        if (recordings < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--recordings': " + recordings + "; expected at least 1");
        }
        if (data == null) {
            return;
        }
        if (data.toAbsolutePath().normalize().startsWith(out.toAbsolutePath().normalize())) {
            throw new DemoException(data + " lies in " + out + ", which the demo replaces; choose another --out");
        }
        if (!Files.isDirectory(data)) {
            throw new DemoException(data + ": no such folder of recordings");
        }
    }

    /** Makes {@code out} an empty folder, but never at the cost of what is not the demo's. */
    private void prepare() throws IOException {
        if (Files.exists(out.resolve(MARKER))) {
            List<Path> old;
            try (Stream<Path> walk = Files.walk(out)) {
                old = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : old) {
                Files.delete(each);
            }
        } else if (Files.exists(out)) {
            throw new DemoException(out + " was not made by the demo; remove it or choose another folder with --out");
        }
        Files.createDirectories(out);
        Files.createFile(out.resolve(MARKER));
    }

    private int serve(Path corpus, Path run) throws Exception {
        List<HeldOut> chosen = HeldOut.choose(run.resolve("split.csv"), corpus, recordings);
        if (chosen.isEmpty()) {
            throw new DemoException("nothing was held out: " + corpus + " has too few recordings for a test part");
        }
        List<String> serve = words("serve", "--model", bundle(run), "--port", 0);
        say(serve);
        int identified;
        try (ServerProcess server = new ServerProcess(spec.commandLine().getErr(), serve)) {
            identified = identify(chosen, server.port());
        }
        if (identified == Chiffchaff.OK) {
            farewell();
        }
        return identified;
    }

    /** The one model of a run: {@code RUN/bundle/NAME}. */
    private static Path bundle(Path run) {
        try (Stream<Path> names = Files.list(run.resolve("bundle"))) {
            return names.min(Comparator.naturalOrder()).orElseThrow();
        } catch (IOException | NoSuchElementException e) {
            throw new DemoException(run + ": the training run left no model bundle", e);
        }
    }

    private int identify(List<HeldOut> chosen, int port) {
        List<String> words = new ArrayList<>(words("identify"));
        chosen.forEach(each -> words.add(each.file().toString()));
        words.addAll(words("--server", "localhost:" + port, "--format", "table"));
        int identified = step(words);
        if (identified != Chiffchaff.OK) {
            return identified;
        }
        // Once more, quietly, for what a program can read.
        words.set(words.size() - 1, "json");
        StringWriter answers = new StringWriter();
        int counted =
                Chiffchaff.run(new PrintWriter(answers), spec.commandLine().getErr(), words.toArray(String[]::new));
        if (counted == Chiffchaff.OK) {
            out().printf("%n%d of %d recordings named right.%n", right(chosen, answers.toString()), chosen.size());
        }
        return counted;
    }

    /** How many recordings have their own species at the head of their ranking. */
    private static long right(List<HeldOut> chosen, String answers) {
        Map<Path, String> named = new HashMap<>();
        try (MappingIterator<JsonNode> each =
                new JsonMapper().readerFor(JsonNode.class).readValues(answers)) {
            each.forEachRemaining(answer -> {
                JsonNode label = answer.path("ranking").path(0).findValue("label");
                named.put(Path.of(answer.path("file").asString()), label == null ? "" : label.asString());
            });
        }
        return chosen.stream()
                .filter(each -> each.label().equals(named.get(each.file())))
                .count();
    }

    private void farewell() {
        out().printf("%nThe same with recordings of your own, one folder per species:%n");
        out().println("  ./chiffchaff train --data RECORDINGS --out runs/mine");
        out().println("  ./chiffchaff serve --model runs/mine/bundle/* --port 8080");
        out().println("  ./chiffchaff identify FILES --server localhost:8080");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static List<String> words(Object... words) {
        return Stream.of(words).map(Object::toString).toList();
    }

    /** Shows a command line as one would type it. */
    private void say(List<String> words) {
        spec.commandLine().getErr().println("\n$ " + ShellWords.typed(words));
    }

    private int step(List<String> words) {
        say(words);
        return Chiffchaff.run(out(), spec.commandLine().getErr(), words.toArray(String[]::new));
    }
}
