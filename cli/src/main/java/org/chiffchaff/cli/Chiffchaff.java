package org.chiffchaff.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The one entry point: finds the subcommands on the class path, runs one, turns how it ended into an exit code. */
@Command(name = "chiffchaff", description = "Trains audio species classifiers and serves them.")
public final class Chiffchaff {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int WRONG_USAGE = 2;
    public static final int INTERRUPTED = 130;

    /** 128 and the number of SIGPIPE, as a shell says of any program whose reader went away. */
    static final int READER_GONE = 141;

    /** A reader's day; what is not listed comes last, by name. */
    static final List<String> ORDER = List.of(
            "demo",
            "data",
            "models",
            "train",
            "evaluate",
            "export",
            "serve",
            "identify",
            "bench",
            "doctor",
            "completion");

    // picocli knows none narrower.
    private static final int NARROWEST_HELP = 55;
    private static final int WIDEST_HELP = 100;

    private Chiffchaff() {}

    public static void main(String[] args) {
        // Results are read by other tools: they have no decimal commas and are UTF-8, whatever the machine's locale.
        // The whole of it, not only its formats: PrintWriter.printf does not ask for those.
        Locale.setDefault(Locale.ROOT);
        System.exit(run(writer(new StandardOutput()), writer(System.err), args));
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** Runs one command line in this process and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        try {
            String[] line = ConfigFile.expand(() -> commands(out, err), args);
            int code = commands(out, err).execute(line);
            out.flush();
            return code;
        } catch (ParameterException wrong) {
            return wrongUsage(wrong);
        } catch (Throwable failure) {
            return failed(failure, err);
        } finally {
            err.flush();
        }
    }

    /** {@code chiffchaff VERSION}, of this build. */
    public static String version() {
        try (InputStream version = Chiffchaff.class.getResourceAsStream("version")) {
            return "chiffchaff " + new String(version.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole tree, with what every level has in common. */
    static CommandLine commands(PrintWriter out, PrintWriter err) {
        CommandLine root = new CommandLine(new Chiffchaff());
        List<CommandLine> found = new ArrayList<>();
        ServiceLoader.load(Subcommand.class).forEach(each -> found.add(new CommandLine(each)));
        found.sort(Comparator.comparingInt(Chiffchaff::place).thenComparing(CommandLine::getCommandName));
        found.forEach(each -> root.addSubcommand(each.getCommandName(), each));
        furnish(root);
        return root.setOut(out)
                .setErr(err)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(run(new CommandLine.RunLast()))
                .setParameterExceptionHandler((wrong, args) -> wrongUsage(wrong))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command.getErr()));
    }

    private static int place(CommandLine subcommand) {
        int place = ORDER.indexOf(subcommand.getCommandName());
        return place < 0 ? ORDER.size() : place;
    }

    private static void furnish(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.mixinStandardHelpOptions(true).version(version());
        UsageMessageSpec usage = spec.usageMessage();
        int columns = Terminal.columns();
        usage.abbreviateSynopsis(true)
                .sortOptions(false)
                .showDefaultValues(true)
                .width(Math.clamp(columns, NARROWEST_HELP, WIDEST_HELP));
        if (columns < NARROWEST_HELP) {
            command.getHelpSectionMap()
                    .replaceAll((key, section) -> help -> Folding.fold(section.render(help), columns));
        }
        if (command.getSubcommands().isEmpty()) {
            spec.addOption(OptionSpec.builder("--config")
                    .type(Path.class)
                    .paramLabel("FILE.toml")
                    .description("Options from a TOML file, by their long names; the command line wins.")
                    .build());
            if (spec.userObject() instanceof CachingSubcommand) {
                spec.addOption(CachingSubcommand.cacheDirectory());
            }
        } else {
            command.getSubcommands().values().forEach(Chiffchaff::furnish);
        }
    }

    /** A group without one of its subcommands is wrong usage. */
    private static IExecutionStrategy run(IExecutionStrategy leaf) {
        return parsed -> {
            CommandLine command = last(parsed).commandSpec().commandLine();
            try {
                if (CommandLine.executeHelpRequest(parsed) != null) {
                    return OK;
                }
            } catch (RuntimeException e) {
                // Any other exception picocli prints itself.
                throw new CommandLine.ExecutionException(command, "cannot help", e);
            }
            if (command.getSubcommands().isEmpty()) {
                return leaf.execute(parsed);
            }
            command.usage(command.getErr());
            return WRONG_USAGE;
        };
    }

    private static ParseResult last(ParseResult parsed) {
        return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
    }

    private static int wrongUsage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        String message = wrong.getMessage();
        // Comes before what is missing, which may only be misspelt.
        List<String> unknown = command.getUnmatchedArguments();
        if (!unknown.isEmpty()) {
            message = unknown(command, unknown.getFirst());
        }
        String help = command.getCommandSpec().qualifiedName() + " --help";
        command.getErr().println("chiffchaff: " + message + " (see " + help + ")");
        return WRONG_USAGE;
    }

    private static String unknown(CommandLine command, String word) {
        if (word.startsWith("-")) {
            String name = word.split("=", 2)[0];
            return "unknown option '" + name + "'"
                    + Spelling.closest(
                            name, command.getCommandSpec().optionsMap().keySet());
        }
        return "'" + word + "' does not belong here"
                + Spelling.closest(word, command.getSubcommands().keySet());
    }

    private static int failed(Throwable failure, PrintWriter err) {
        Throwable cause = failure;
        while (wraps(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CancellationException || cause instanceof InterruptedException) {
            return INTERRUPTED;
        }
        if (cause instanceof StandardOutput.ReaderGoneException) {
            return READER_GONE;
        }
        if (cause.getClass().getName().startsWith("org.chiffchaff.") && cause instanceof Exception) {
            err.println("chiffchaff: " + cause.getMessage());
        } else {
            cause.printStackTrace(err);
            err.println("chiffchaff: this is a defect in Chiffchaff");
        }
        return FAILED;
    }

    private static boolean wraps(Throwable failure) {
        return failure instanceof CompletionException
                || failure instanceof java.util.concurrent.ExecutionException
                || failure instanceof CommandLine.ExecutionException;
    }
}
