package org.chiffchaff.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.cache.CacheFolder;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench jmh}. */
@Command(
        name = "jmh",
        description = "Runs JMH benchmarks, by default all of them. The first that fails ends the command.",
        footer = {
            "",
            "Options of JMH follow --, such as: bench jmh FrontEnd -- -f 1 -i 3. List the benchmarks: bench jmh -- -l"
        })
final class JmhCommand implements CachingSubcommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "REGEX",
            showDefaultValue = Visibility.NEVER,
            description = "Which: the regular expressions their names match, then -- and options of JMH.")
    private final List<String> words = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String[] line = words.toArray(String[]::new);
        try {
            CommandLineOptions options = new CommandLineOptions(line);
            if (asksForWords(options)) {
                Main.main(line);
            } else {
                run(options);
            }
            return Chiffchaff.OK;
        } catch (CommandLineOptionException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "JMH says: " + e.getMessage(), e);
        }
    }

    private static boolean asksForWords(CommandLineOptions options) {
        return options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats();
    }

    // Each benchmark runs in Java processes of its own, started with this one's options.
    private void run(CommandLineOptions options) {
        OptionsBuilder strict = new OptionsBuilder();
        strict.parent(options).shouldFailOnError(true);
        String folder = System.getProperty(CacheFolder.PROPERTY, "");
        if (!folder.isEmpty()) {
            // Beside those of the caller, which these would replace.
            List<String> appended = new ArrayList<>(options.getJvmArgsAppend().orElse(List.of()));
            appended.add("-D" + CacheFolder.PROPERTY + "=" + folder);
            strict.jvmArgsAppend(appended.toArray(String[]::new));
        }
        try {
            new Runner(strict.build()).run();
        } catch (NoBenchmarksException e) {
            throw new BenchmarkException(
                    "no benchmark matches " + String.join(" ", words) + "; 'bench jmh -- -l' lists them", e);
        } catch (RunnerException e) {
            throw new BenchmarkException("a benchmark failed, as told above: " + e.getMessage(), e);
        }
    }
}
