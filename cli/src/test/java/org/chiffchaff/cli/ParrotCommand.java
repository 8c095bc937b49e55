package org.chiffchaff.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Repeats its options, resolved, and fails in whatever way it is told. */
@Command(
        name = "parrot",
        description = "Repeats.",
        subcommands = {
            ParrotCommand.Repeat.class,
            ParrotCommand.Count.class,
            ParrotCommand.Sing.class,
            ParrotCommand.Fail.class
        })
public final class ParrotCommand implements Subcommand {
    enum Mood {
        CALM,
        VERY_LOUD
    }

    @Command(name = "repeat", description = "Repeats its options.")
    @SuppressWarnings("UnusedVariable") // read by way of the spec
    static final class Repeat implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--seed", required = true)
        private int seed;

        @Option(names = "--learning-rate", defaultValue = "1e-3")
        private double learningRate;

        @Option(names = {"-o", "--out"})
        private Path out;

        @Option(names = "--mood", defaultValue = "calm")
        private Mood mood;

        @Option(names = "--shuffle", negatable = true, defaultValue = "true", fallbackValue = "true")
        private boolean shuffle;

        @Option(names = "--quick")
        private boolean quick;

        @Option(names = "--word")
        private List<String> words;

        @Option(names = "--channels", split = ",")
        private int[] channels;

        @Override
        public Integer call() {
            spec.commandLine().getOut().print(ResolvedOptions.toToml(spec, Set.of()));
            return Chiffchaff.OK;
        }
    }

    @Command(name = "count", description = "Counts in halves, for ever.")
    static final class Count implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            for (int halves = 1; true; halves++) {
                spec.commandLine().getOut().printf("%.1f%n", halves / 2.0);
            }
        }
    }

    @Command(name = "sing", description = "Sings until it is stopped, and says so.")
    static final class Sing implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws InterruptedException {
            PrintWriter out = spec.commandLine().getOut();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> out.println("good night")));
            try (Progress progress = Progress.start("verses", 100)) {
                progress.step(1);
                out.println("la");
                Thread.sleep(Long.MAX_VALUE);
            }
            return Chiffchaff.OK;
        }
    }

    @Command(name = "fail", description = "Fails.")
    static final class Fail implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--how", required = true)
        private String how;

        @Override
        public Integer call() throws Exception {
            throw switch (how) {
                case "ours" -> new DemoException("a.wav: found nothing, expected a song");
                case "ours, wrapped" -> new CompletionException(new DemoException("a.wav: silent"));
                case "usage" -> new ParameterException(spec.commandLine(), "--how is silly");
                case "cancelled" -> new CancellationException();
                case "interrupted" -> new InterruptedException();
                default -> new IllegalStateException("the nest is empty");
            };
        }
    }
}
