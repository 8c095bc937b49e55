package org.chiffchaff.cli;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options a command runs with, whether given, from a file or by default, as a file for {@code --config}. */
public final class ResolvedOptions {
    private ResolvedOptions() {}

    /**
     * A TOML table named like the command; options without a value are left out. A value of a type of its own is
     * written as its {@code toString}, which its converter should read back.
     *
     * @param idle options that did nothing, left out too, by their long names
     */
    public static String toToml(CommandSpec executed, Set<String> idle) {
        String table = String.join(".", ConfigFile.path(executed));
        return executed.options().stream()
                .filter(option -> !ConfigFile.COMMON.contains(option.longestName())
                        && !idle.contains(option.longestName())
                        && option.getValue() != null)
                .map(ResolvedOptions::line)
                .collect(Collectors.joining("\n", "[" + table + "]\n", "\n"));
    }

    private static String line(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "") + " = " + toml(option.getValue());
    }

    private static String toml(Object value) {
        return switch (value) {
            case Boolean truth -> truth.toString();
            // TOML's exponents need digits on both sides of the point, as Java prints them, and nan and inf in lower
            // case.
            case Number number -> number.toString().replace("NaN", "nan").replace("Infinity", "inf");
            case Enum<?> word -> quoted(word.toString().toLowerCase(Locale.ROOT));
            case Collection<?> values -> list(values.stream());
            case Map<?, ?> pairs -> list(pairs.entrySet().stream().map(pair -> pair.getKey() + "=" + pair.getValue()));
            default -> value.getClass().isArray() ? list(elements(value)) : quoted(value.toString());
        };
    }

    private static Stream<?> elements(Object array) {
        return IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i));
    }

    private static String list(Stream<?> values) {
        return values.map(ResolvedOptions::toml).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').appendCodePoint(c);
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        quoted.append("\\u%04x".formatted(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
