package org.chiffchaff.training.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.chiffchaff.audio.ChannelChoice;
import org.chiffchaff.audio.LeftOut;
import org.chiffchaff.cli.Interruption;
import org.chiffchaff.data.ClassMetrics;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Metrics;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Predictions;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Split;
import org.chiffchaff.models.BundleWriter;
import org.chiffchaff.models.Csv;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.feed.BatchBuffer;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.feed.FeatureCache;
import org.chiffchaff.training.feed.FeatureStatistics;
import org.chiffchaff.training.feed.Learned;
import org.chiffchaff.training.feed.ScanReport;
import org.chiffchaff.training.feed.TrainingData;
import org.chiffchaff.training.session.OrtTrainer;
import org.chiffchaff.training.session.TrainingArtifacts;

/** A run from its data to its bundle: the steps, in order. */
public final class TrainRun {
    private static final int TOP = 5;
    private static final String FIRST_VERSION = "1.0.0";

    private final RunFolder folder;
    private final RunDescription run;
    private final Device device;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * @param out for results
     * @param err for everything else
     */
    public TrainRun(RunFolder folder, RunDescription run, Device device, PrintWriter out, PrintWriter err) {
        this.folder = folder;
        this.run = run;
        this.device = device;
        this.out = out;
        this.err = err;
    }

    /**
     * Trains from where the run folder stands, measures the best checkpoint on the test part, and writes the bundle.
     *
     * @param save asked after every step whether to save the run
     */
    public void train(Dataset dataset, Split split, BooleanSupplier save) {
        try (Interruption interruption = Interruption.watch()) {
            train(dataset, split, interruption::requested, save);
            if (interruption.requested()) {
                // Too late to stop the run, but not whatever would follow it.
                throw new CancellationException("finished before it could be stopped");
            }
        }
    }

    /** @param stop asked before every batch and before the bundle */
    public void train(Dataset dataset, Split split, BooleanSupplier stop, BooleanSupplier save) {
        try {
            TrainingData data = load(dataset, split);
            // A new run may be refused for want of what was left out; one that cannot go on keeps what it began with.
            boolean begun = run.windows() > 0;
            if (!begun) {
                writeFindings(dataset, data);
            }
            RunDescription counted = run.learningFrom(data);
            folder.workOn(Learned.of(data.features()));
            if (begun) {
                writeFindings(dataset, data);
            }
            new TrainRun(folder, counted, device, out, err).train(data, stop, save);
        } catch (CancellationException e) {
            err.println(e.getMessage() + "; go on with: train --resume " + folder.root());
            throw e;
        }
    }

    private void writeFindings(Dataset dataset, TrainingData data) {
        folder.writeLeftOut(dataset.findings().leftOut(), data.failures());
        folder.write("damaged.csv", ScanReport.remarks(data.remarks()));
    }

    private void train(TrainingData data, BooleanSupplier stop, BooleanSupplier save) {
        RunProgress progress = folder.resumable() ? folder.progress() : RunProgress.start();
        Path last = folder.resumable()
                ? folder.checkpoint(RunFolder.Kept.LAST)
                : TrainingArtifacts.Paths.in(folder.artifacts()).checkpoint();
        new RunNews(run, folder.description(), data, err).tell(progress);
        if (run.plan().stop().epochs() > folder.description().plan().stop().epochs()) {
            folder.forgetTestFigures();
        }
        folder.describe(run);
        TrainingArtifacts.Paths artifacts = artifacts(data);
        Examples training = data.part(Part.TRAIN);
        try (OrtTrainer trainer =
                        OrtTrainer.open(artifacts, last, device, run.plan().threads());
                EpochLog log = new EpochLog(run.plan(), run.plan().batches().steps(training.size()), progress, out)) {
            progress = new Trainer(run.plan(), trainer, folder, training, data.part(Part.VALIDATION), log)
                    .run(progress, stop, save);
        }
        finish(data, progress, stop);
    }

    /** The data of the run, its features from the cache. */
    public TrainingData load(Dataset dataset, Split split) {
        try (FeatureCache cache = new FeatureCache(
                run.cacheFolder(), run.plan().features(), run.plan().overlapSeconds())) {
            TrainingData data =
                    TrainingData.load(dataset, split, cache, run.damaged(), ChannelChoice.parse(run.channel()));
            LeftOut.report(data.failures()).forEach(err::println);
            ScanReport.print(data, err);
            run.requireClasses(data.labels());
            tellOfSpeciesWithout(data, dataset);
            tellOfSpeciesUnlearned(data, split);
            for (Part part : Part.values()) {
                err.printf(
                        "%-10s %6d recordings %7d windows%n",
                        part, data.part(part).recordings(), data.part(part).size());
            }
            return data;
        }
    }

    private void tellOfSpeciesWithout(TrainingData data, Dataset dataset) {
        List<String> without = dataset.labels().stream()
                .filter(label -> !data.labels().contains(label))
                .toList();
        if (!without.isEmpty()) {
            err.println("no classes, for want of a recording that can be used: " + without);
        }
    }

    // The split has said which species it gave no training recording; these had some.
    private void tellOfSpeciesUnlearned(TrainingData data, Split split) {
        Set<String> learned = labels(data.recordings(Part.TRAIN));
        Set<String> dealt = labels(split.part(Part.TRAIN));
        List<String> unlearned = data.labels().stream()
                .filter(label -> dealt.contains(label) && !learned.contains(label))
                .toList();
        if (!unlearned.isEmpty()) {
            err.println("warning: none of the training recordings of " + unlearned
                    + " can be used; what the other parts have of them is judged without having been learned");
        }
    }

    private static Set<String> labels(List<Recording> recordings) {
        return recordings.stream().map(Recording::label).collect(Collectors.toSet());
    }

    /** Graphs and first checkpoint, standardised by the training part. The same run gives the same files. */
    private TrainingArtifacts.Paths artifacts(TrainingData data) {
        Graph network = run.network().withParameters(FeatureStatistics.of(data.part(Part.TRAIN)));
        Graph lossHead = run.plan().loss().graph(run.labels().size());
        err.printf(
                "%s, %,d parameters, %d classes, loss %s, on %s%n",
                run.plan().network().architecture().label(),
                network.parameterCount(),
                run.labels().size(),
                run.plan().loss().text(),
                device.label());
        try {
            return TrainingArtifacts.of(
                            network, lossHead, run.plan().optimizer().adamW(), device)
                    .write(folder.artifacts());
        } catch (IOException e) {
            throw new TrainingException("Cannot write training artifacts to " + folder.artifacts() + ": " + e, e);
        }
    }

    private void finish(TrainingData data, RunProgress progress, BooleanSupplier stop) {
        out.printf("%n%s%n", reasonOfTheEnd(progress));
        if (data.part(Part.TEST).isEmpty()) {
            out.println("No recording was held out for the test; nothing is known of how well this does elsewhere.");
        } else {
            test(data, stop);
        }
        stopIfAsked(stop);
        Path bundle = Bundles.write(
                folder, RunFolder.Kept.BEST, folder.bundle(), FIRST_VERSION, BundleWriter.Existing.REPLACE);
        out.printf("bundle     %s%n", bundle);
    }

    private String reasonOfTheEnd(RunProgress progress) {
        String best = "best epoch " + (progress.best() + 1);
        return progress.epoch() < run.plan().stop().epochs()
                ? "Ended early: no better epoch on the validation part for "
                        + run.plan().stop().patience() + " epochs; " + best + "."
                : "Trained all " + run.plan().stop().epochs() + " epochs; " + best + ".";
    }

    private static void stopIfAsked(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new CancellationException("stopped after the last epoch");
        }
    }

    private void test(TrainingData data, BooleanSupplier stop) {
        try (OrtTrainer best = folder.trainer(RunFolder.Kept.BEST, Device.CPU)) {
            Evaluator.Result found = Evaluator.evaluate(best, data.part(Part.TEST), buffer(), () -> stopIfAsked(stop));
            Metrics metrics = found.metrics();
            List<Recording> tested = data.recordings(Part.TEST);
            folder.writePredictions(
                    Predictions.of(tested, run.labels(), found.scores()).csv());
            out.printf("held out   %d recordings%n", data.part(Part.TEST).recordings());
            print(metrics);
            folder.writeTestFigures(figures(metrics));
            folder.writePerClass(perClass(run.labels(), metrics));
        }
    }

    public BatchBuffer buffer() {
        return new BatchBuffer(run.plan().features(), run.plan().batches().size());
    }

    public void print(Metrics metrics) {
        out.printf(
                "accuracy   %.3f, where naming the most common of %d species always gives %.3f%n",
                metrics.accuracy(), metrics.classes().size(), metrics.majorityShare());
        out.printf("macro-f1   %.3f%n", metrics.macroF1());
        if (metrics.hasTopK(TOP)) {
            out.printf("top-5      %.3f%n", metrics.topK(TOP));
        }
    }

    /** The figures a run is judged by, by name, and those to judge them by. */
    private static Map<String, Double> figures(Metrics metrics) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("accuracy", metrics.accuracy());
        figures.put("classes", (double) metrics.classes().size());
        figures.put("macro_f1", metrics.macroF1());
        figures.put("majority_share", metrics.majorityShare());
        if (metrics.hasTopK(TOP)) {
            figures.put("top_5", metrics.topK(TOP));
        }
        return figures;
    }

    public static String perClass(List<String> labels, Metrics metrics) {
        StringBuilder table = new StringBuilder(Csv.line(List.of("label", "precision", "recall", "f1", "support")));
        for (int label = 0; label < labels.size(); label++) {
            ClassMetrics each = metrics.classes().get(label);
            table.append(Csv.line(List.of(
                    labels.get(label),
                    "%.4f".formatted(each.precision()),
                    "%.4f".formatted(each.recall()),
                    "%.4f".formatted(each.f1()),
                    Integer.toString(each.support()))));
        }
        return table.toString();
    }
}
