package org.chiffchaff.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chiffchaff.models.Csv;

/**
 * The runs of a sweep as tables: for the eye, for a page, for a program.
 *
 * @param outcomes at least one
 * @param floors figures published for the same data, to be printed beside ours
 */
record Report(List<Outcome> outcomes, Map<Figure, Double> floors) {
    /** @param decimals shown in tables for the eye */
    private record Column(String name, int decimals, ToDoubleFunction<Outcome> value) {
        String rounded(double number) {
            return Double.isNaN(number) ? "-" : String.format(Locale.ROOT, "%." + decimals + "f", number);
        }

        String spread(List<Outcome> outcomes) {
            Spread spread = Spread.of(outcomes.stream().mapToDouble(value).toArray());
            String mean = rounded(spread.mean());
            return outcomes.size() > 1 && !Double.isNaN(spread.mean())
                    ? mean + " ± " + rounded(spread.deviation())
                    : mean;
        }
    }

    Report {
        outcomes = List.copyOf(outcomes);
        floors = Map.copyOf(floors);
    }

    private List<Column> columns() {
        Stream<Column> figures = Stream.of(Figure.values())
                .filter(figure ->
                        outcomes.stream().anyMatch(outcome -> outcome.figures().containsKey(figure)))
                .map(figure -> new Column(
                        figure.toString(),
                        figure == Figure.UNSEEN ? 0 : 3,
                        outcome -> outcome.figures().getOrDefault(figure, Double.NaN)));
        return Stream.concat(
                        figures,
                        Stream.of(
                                new Column("best_epoch", 1, Outcome::bestEpoch),
                                new Column("minutes", 1, outcome -> outcome.seconds() / 60)))
                .toList();
    }

    /** Columns side by side, aligned to the right. */
    String text() {
        List<List<String>> rows = rows();
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElseThrow())
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(column -> padded(row.get(column), widths[column]))
                        .collect(Collectors.joining("  ", "", "\n")))
                .collect(Collectors.joining());
    }

    private static String padded(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }

    String markdown() {
        List<List<String>> rows = rows();
        rows.add(1, Collections.nCopies(rows.getFirst().size(), "--:"));
        return rows.stream().map(row -> "| " + String.join(" | ", row) + " |\n").collect(Collectors.joining());
    }

    /** The runs alone, with all their digits. */
    String csv() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header());
        outcomes.forEach(
                outcome -> rows.add(row(outcome, column -> Double.toString(column.value.applyAsDouble(outcome)))));
        return rows.stream().map(Csv::line).collect(Collectors.joining());
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header());
        outcomes.forEach(
                outcome -> rows.add(row(outcome, column -> column.rounded(column.value.applyAsDouble(outcome)))));
        rows.add(row("mean", "", column -> column.spread(outcomes)));
        if (!floors.isEmpty()) {
            Map<String, Double> byName = floors.entrySet().stream()
                    .collect(Collectors.toMap(floor -> floor.getKey().toString(), Map.Entry::getValue));
            rows.add(row(
                    "floor",
                    "",
                    column -> Stream.ofNullable(byName.get(column.name))
                            .map(column::rounded)
                            .findAny()
                            .orElse("")));
        }
        return rows;
    }

    private List<String> header() {
        return row("fold", "seed", Column::name);
    }

    private List<String> row(Outcome outcome, Function<Column, String> cell) {
        return row(outcome.fold(), Long.toString(outcome.seed()), cell);
    }

    private List<String> row(String first, String second, Function<Column, String> cell) {
        return Stream.concat(Stream.of(first, second), columns().stream().map(cell))
                .toList();
    }
}
