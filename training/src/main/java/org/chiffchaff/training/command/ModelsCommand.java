package org.chiffchaff.training.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.Subcommand;
import org.chiffchaff.models.Artifacts;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.Value;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The published graphs. */
@Command(
        name = "models",
        description = "Lists, shows and writes the ONNX graphs that everything here is made of.",
        subcommands = {ModelsCommand.ListGraphs.class, ModelsCommand.Show.class, ModelsCommand.Build.class})
public final class ModelsCommand implements Subcommand {

    /** {@code models list}. */
    @Command(name = "list", description = "Lists the graphs.")
    static final class ListGraphs implements Subcommand {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%-22s %12s %6s  %s%n", "graph", "parameters", "nodes", "inputs -> outputs");
            Artifacts.all()
                    .forEach((name, graph) -> out.printf(
                            "%-22s %,12d %6d  %s -> %s%n",
                            name,
                            graph.parameterCount(),
                            graph.nodes().size(),
                            ports(graph.inputs()),
                            ports(graph.outputs())));
            return Chiffchaff.OK;
        }

        private static String ports(java.util.List<Value> values) {
            return values.stream()
                    .map(value -> value.name() + " " + value.shape())
                    .collect(Collectors.joining(", "));
        }
    }

    /** {@code models show}. */
    @Command(name = "show", description = "Shows the layers of a graph: what each node yields, and its parameters.")
    static final class Show implements Subcommand {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "GRAPH", description = "As 'models list' names it.")
        private String name;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            Graph graph = Artifacts.all().get(name);
            if (graph == null) {
                throw Usage.wrong(
                        spec,
                        "No graph '" + name + "'; there is "
                                + String.join(", ", Artifacts.all().keySet()));
            }
            Map<String, Long> parameters = new TreeMap<>();
            graph.parameters().stream()
                    .filter(each -> each.trainable())
                    .forEach(each ->
                            parameters.put(each.name(), each.value().shape().elements()));
            for (Node node : graph.nodes()) {
                long own = node.inputs().stream()
                        .mapToLong(input -> parameters.getOrDefault(input.name(), 0L))
                        .sum();
                out.printf(
                        "%-34s %-22s %12s%n",
                        node.name(), node.output(0).shape(), own == 0 ? "" : "%,d".formatted(own));
            }
            out.printf("%-57s %,12d%n", "parameters", graph.parameterCount());
            return Chiffchaff.OK;
        }
    }

    /** {@code models build}. */
    @Command(name = "build", description = "Writes every graph with its test data, as published under models/onnx.")
    static final class Build implements CachingSubcommand {
        @Spec
        private CommandSpec spec;

        @Option(names = "--out", paramLabel = "DIR", defaultValue = "models/onnx", description = "Where they go.")
        private Path out;

        @Override
        public Integer call() {
            Artifacts.write(out);
            spec.commandLine()
                    .getOut()
                    .printf("%d graphs in %s%n", Artifacts.all().size(), out);
            return Chiffchaff.OK;
        }
    }
}
