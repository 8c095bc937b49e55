package org.chiffchaff.training.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A row per epoch, in as many columns as there is room for; those that tell least give way first. */
final class EpochTable {
    private static final String BETWEEN = "  ";
    private static final String BEST = " *";

    /** What a row tells, beside the figures of the epoch. */
    record Line(RunProgress.Row row, int epochs, String timeLeft, boolean best) {}

    /** @param rank how soon it gives way: the highest is the first to go */
    private record Column(String title, int width, int rank, Function<Line, String> cell) {
        String padded(String text) {
            return " ".repeat(Math.max(0, width - text.length())) + text;
        }
    }

    private static final List<Column> ALL = List.of(
            new Column("epoch", 7, 0, line -> line.row.epoch() + "/" + line.epochs),
            new Column("loss", 6, 1, line -> figure("%.4f", line.row.trainLoss())),
            new Column("accuracy", 8, 5, line -> figure("%.3f", line.row.trainAccuracy())),
            new Column("val-loss", 8, 3, line -> figure("%.4f", line.row.validationLoss())),
            new Column("val-acc", 7, 6, line -> figure("%.3f", line.row.validationAccuracy())),
            new Column("val-F1", 6, 2, line -> figure("%.3f", line.row.validationMacroF1())),
            new Column("grad-norm", 9, 9, line -> figure("%.3f", line.row.gradientNorm())),
            new Column("lr", 7, 8, line -> figure("%.1e", line.row.learningRate())),
            new Column("images/s", 8, 7, line -> figure("%.0f", line.row.imagesPerSecond())),
            new Column("time-left", 9, 4, Line::timeLeft));

    private final List<Column> columns;

    /** @param room in characters; empty where any will do */
    EpochTable(OptionalInt room) {
        List<Column> shown = new ArrayList<>(ALL);
        while (width(shown) > room.orElse(Integer.MAX_VALUE) && shown.size() > 1) {
            shown.remove(Collections.max(shown, Comparator.comparingInt(Column::rank)));
        }
        columns = List.copyOf(shown);
    }

    private static int width(List<Column> columns) {
        return columns.stream().mapToInt(Column::width).sum() + BETWEEN.length() * (columns.size() - 1) + BEST.length();
    }

    String header() {
        return line(Column::title);
    }

    String row(Line line) {
        return line(column -> column.cell.apply(line)) + (line.best ? BEST : "");
    }

    private String line(Function<Column, String> cell) {
        return columns.stream().map(column -> column.padded(cell.apply(column))).collect(Collectors.joining(BETWEEN));
    }

    private static String figure(String format, double value) {
        return Double.isNaN(value) ? "-" : format.formatted(value);
    }
}
