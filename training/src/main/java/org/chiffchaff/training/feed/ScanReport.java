package org.chiffchaff.training.feed;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.chiffchaff.audio.LeftOut;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.EqualContent;
import org.chiffchaff.data.Recording;
import org.chiffchaff.models.Csv;

/** What the scan of a data set has to say beside its recordings. */
public final class ScanReport {
    private static final int MOST_NAMED = 10;

    private ScanReport() {}

    /** A line for each kind of finding, and the first few by name. */
    public static void print(Dataset dataset, PrintWriter err) {
        LeftOut.report(dataset.findings().leftOut()).forEach(err::println);
        int deeper = dataset.findings().deeper();
        if (deeper > 0) {
            err.printf(
                    "%d recordings lie in folders within their species' folder, the first %s, and count as that species;"
                            + " with --nested, each folder that holds recordings is one%n",
                    deeper, firstDeeper(dataset));
        }
        printEqual(dataset.findings().equalContents(), err);
    }

    private static String firstDeeper(Dataset dataset) {
        return dataset.recordings().stream()
                .map(Recording::file)
                .filter(file -> file.indexOf('/') < file.lastIndexOf('/'))
                .findFirst()
                .orElseThrow();
    }

    private static void printEqual(List<EqualContent> contents, PrintWriter err) {
        if (contents.isEmpty()) {
            return;
        }
        err.printf(
                "repeated byte for byte: %d recordings; equal ones stay in one part%n",
                contents.stream().mapToInt(each -> each.recordings().size() - 1).sum());
        List<EqualContent> contradictions =
                contents.stream().filter(each -> each.labels().size() > 1).toList();
        contradictions.stream()
                .limit(MOST_NAMED)
                .forEach(each -> err.println(
                        "warning: one content, " + each.labels().size() + " species: " + onePerSpecies(each)));
        if (contradictions.size() > MOST_NAMED) {
            err.printf("warning: %d more contents have several species%n", contradictions.size() - MOST_NAMED);
        }
    }

    /** What is to be said of the recordings that are used: of those with a remark, and of all recordings' rates. */
    public static void print(TrainingData data, PrintWriter err) {
        printRemarks(data.remarks(), err);
        data.rates().warnings().forEach(each -> err.println("warning: " + each));
    }

    // Their number, and the first few by name.
    private static void printRemarks(List<TrainingData.Remark> remarks, PrintWriter err) {
        if (remarks.isEmpty()) {
            return;
        }
        err.println("used, with a remark: " + remarks.size());
        remarks.stream().limit(MOST_NAMED).forEach(each -> err.println("  " + each.path() + ": " + each.words()));
        if (remarks.size() > MOST_NAMED) {
            err.println("  and " + (remarks.size() - MOST_NAMED) + " more");
        }
    }

    /** All remarks, as CSV. */
    public static String remarks(List<TrainingData.Remark> remarks) {
        StringBuilder table = new StringBuilder(Csv.line(List.of("path", "remark")));
        remarks.forEach(each -> table.append(Csv.line(List.of(each.path().toString(), each.words()))));
        return table.toString();
    }

    private static String onePerSpecies(EqualContent content) {
        return content.labels().stream()
                .map(label -> content.recordings().stream()
                        .filter(each -> each.label().equals(label))
                        .findFirst()
                        .orElseThrow()
                        .file())
                .collect(Collectors.joining(" = "));
    }

    /** Everything left out, as CSV. */
    public static String leftOut(List<LeftOut> all) {
        StringBuilder table = new StringBuilder(Csv.line(List.of("path", "kind", "reason")));
        all.forEach(each -> table.append(
                Csv.line(List.of(each.path().toString(), each.kind().name().toLowerCase(Locale.ROOT), each.reason()))));
        return table.toString();
    }

    /** All equal contents, as CSV: a line per recording. */
    public static String equalContents(Dataset dataset) {
        StringBuilder table = new StringBuilder(Csv.line(List.of("sha256", "label", "file")));
        for (EqualContent content : dataset.findings().equalContents()) {
            content.recordings()
                    .forEach(each -> table.append(Csv.line(List.of(content.sha256(), each.label(), each.file()))));
        }
        return table.toString();
    }
}
