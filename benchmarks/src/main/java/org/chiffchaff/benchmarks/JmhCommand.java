package org.chiffchaff.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.Subcommand;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Parameters;

/** {@code bench jmh}. */
@Command(
        name = "jmh",
        description = "Runs JMH benchmarks, by default all of them.",
        footer = {
            "",
            "Options of JMH follow --, such as: bench jmh FrontEnd -- -f 1 -i 3. List the benchmarks: bench jmh -- -l"
        })
final class JmhCommand implements Subcommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "REGEX",
            showDefaultValue = Visibility.NEVER,
            description = "Which: the regular expressions their names match, then -- and options of JMH.")
    private final List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws IOException, RunnerException {
        // Each benchmark runs in Java processes of its own, started with this one's options.
        Main.main(words.toArray(String[]::new));
        return Chiffchaff.OK;
    }
}
