package org.chiffchaff.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Options from a TOML file. Keys are long option names without their dashes, at the top or in a table named like the
 * subcommand ({@code [train]}, {@code [data.synth]}), where the table wins. They become arguments ahead of the user's
 * own, so that conversion, checks and messages are the same for both.
 */
final class ConfigFile {
    /** Options of every command that a file cannot give. */
    static final Set<String> COMMON = Set.of("--help", "--version", "--config");

    private final Path file;
    private final CommandLine command;

    private ConfigFile(Path file, CommandLine command) {
        this.file = file;
        this.command = command;
    }

    /** The arguments with those of a {@code --config} file put in, less the options the command line has itself. */
    static String[] expand(Supplier<CommandLine> commands, String... args) {
        if (Stream.of(args).noneMatch(arg -> arg.equals("--config") || arg.startsWith("--config="))) {
            return args;
        }
        CommandLine root = commands.get();
        collectErrors(root);
        ParseResult parsed = root.parseArgs(args);
        if (!errors(parsed).isEmpty()) {
            return args;
        }
        int depth = 0;
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
            depth++;
        }
        if (parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested() || !parsed.hasMatchedOption("--config")) {
            return args;
        }
        Path file = parsed.matchedOptionValue("--config", null);
        ConfigFile config = new ConfigFile(file, parsed.commandSpec().commandLine());
        List<String> expanded = new ArrayList<>(Arrays.asList(args));
        expanded.addAll(depth, config.arguments(parsed));
        String[] line = expanded.toArray(String[]::new);
        // The command line alone had no such error, so what is wrong now is in the file.
        for (Exception error : errors(root.parseArgs(line))) {
            throw config.wrong(error.getMessage());
        }
        return line;
    }

    /** What is wrong at any level, except that something is missing, which the file may still give. */
    private static List<Exception> errors(ParseResult parsed) {
        List<Exception> errors = new ArrayList<>(parsed.errors());
        errors.removeIf(MissingParameterException.class::isInstance);
        if (parsed.hasSubcommand()) {
            errors.addAll(errors(parsed.subcommand()));
        }
        return errors;
    }

    private static void collectErrors(CommandLine command) {
        command.getCommandSpec().parser().collectErrors(true);
        command.getSubcommands().values().forEach(ConfigFile::collectErrors);
    }

    private List<String> arguments(ParseResult given) {
        List<String> arguments = new ArrayList<>();
        entries().forEach((key, value) -> {
            OptionSpec option = option(key);
            if (!given.hasMatchedOption(option)) {
                values(key, value, option).forEach(each -> arguments.add("--" + key + "=" + each));
            }
        });
        return arguments;
    }

    /**
     * Key to value: the top of the file, then this command's table. Tables of other subcommands are theirs to judge.
     */
    private Map<String, JsonNode> entries() {
        List<String> words = path(command.getCommandSpec());
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        JsonNode table = read();
        for (int depth = 0; depth <= words.size() && table != null; depth++) {
            for (Map.Entry<String, JsonNode> each : table.properties()) {
                boolean another = each.getValue().isObject() && isSubcommand(words.subList(0, depth), each.getKey());
                if (!another) {
                    entries.put(each.getKey(), each.getValue());
                }
            }
            table = depth < words.size() ? table.get(words.get(depth)) : null;
        }
        return entries;
    }

    private boolean isSubcommand(List<String> parents, String word) {
        CommandLine at = command.getCommandSpec().root().commandLine();
        for (String parent : parents) {
            at = at.getSubcommands().get(parent);
        }
        return at.getSubcommands().containsKey(word) || (parents.isEmpty() && Chiffchaff.ORDER.contains(word));
    }

    /** {@code [data, synth]} for {@code chiffchaff data synth}. */
    static List<String> path(CommandSpec spec) {
        String[] words = spec.qualifiedName(" ").split(" ", -1);
        return List.of(words).subList(1, words.length);
    }

    private JsonNode read() {
        if (!Files.isRegularFile(file)) {
            throw wrong("no such file");
        }
        try {
            return new TomlMapper().readTree(file);
        } catch (JacksonIOException e) {
            throw wrong("cannot be read: " + e.getCause());
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw wrong("line " + line + " is not TOML: " + e.getOriginalMessage());
        }
    }

    private OptionSpec option(String key) {
        OptionSpec option = command.getCommandSpec().findOption("--" + key);
        if (option == null || COMMON.contains("--" + key)) {
            List<String> known = command.getCommandSpec().options().stream()
                    .flatMap(each -> Stream.of(each.names()))
                    .filter(name -> name.startsWith("--") && !COMMON.contains(name))
                    .map(name -> name.substring(2))
                    .toList();
            throw wrong("unknown key '" + key + "'" + Spelling.closest(key, known));
        }
        return option;
    }

    private List<String> values(String key, JsonNode value, OptionSpec option) {
        if (!value.isArray()) {
            return List.of(text(key, value, option));
        }
        if (!option.isMultiValue()) {
            throw wrong("'" + key + "' takes one value, not the list " + value);
        }
        return value.valueStream().map(each -> text(key, each, option)).toList();
    }

    private String text(String key, JsonNode value, OptionSpec option) {
        Kind kind = Kind.of(option.auxiliaryTypes()[0]);
        if (!kind.fits(value)) {
            throw wrong("'" + key + "' takes " + kind.words + ", not " + value);
        }
        return value.asString();
    }

    /** What a TOML value must be for an option's type; how text is read is the option's own affair. */
    private enum Kind {
        TRUTH("true or false"),
        WHOLE("a whole number"),
        NUMBER("a number"),
        TEXT("text");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        private static Kind of(Class<?> type) {
            return switch (type.getSimpleName()) {
                case "boolean", "Boolean" -> TRUTH;
                case "int", "Integer", "long", "Long" -> WHOLE;
                case "float", "Float", "double", "Double" -> NUMBER;
                default -> TEXT;
            };
        }

        private boolean fits(JsonNode value) {
            return switch (this) {
                case TRUTH -> value.isBoolean();
                case WHOLE -> value.isIntegralNumber();
                case NUMBER -> value.isNumber();
                case TEXT -> value.isString() || value.isNumber();
            };
        }
    }

    private ParameterException wrong(String problem) {
        return new ParameterException(command, file + ": " + problem);
    }
}
