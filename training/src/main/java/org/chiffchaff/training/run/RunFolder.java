package org.chiffchaff.training.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chiffchaff.audio.LeftOut;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.feed.Learned;
import org.chiffchaff.training.feed.ScanReport;
import org.chiffchaff.training.session.OrtTrainer;
import org.chiffchaff.training.session.TrainingArtifacts;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run leaves behind:
 *
 * <pre>
 * config.toml        every option, to be given again with --config
 * run.json           the run as this program reads it: labels, features, plan
 * environment.json   what it ran on
 * split.csv          which recording was in which part
 * features.csv       a digest of what each of them was to the network
 * left_out.csv       every file and folder that is in none, with the reason
 * damaged.csv        recordings that are used although something of them is missing
 * equal_content.csv  recordings that are the same byte for byte
 * metrics.csv        one row per epoch
 * test.json          figures on the test part, of the best checkpoint
 * predictions.csv    what it said of each recording there: rank of the species, the five likeliest, their scores
 * per_class.csv      precision, recall, F1 and support of each species there
 * artifacts/         training, evaluation and optimizer model, first checkpoint
 * checkpoints/       best, last-STEP
 * progress.json      how far it is; names the last checkpoint by its step
 * bundle/            the model bundle
 * </pre>
 *
 * What a run cannot be resumed without is written beside its place and renamed, so a stopped run leaves none of it half
 * written; artifacts are made anew.
 */
public record RunFolder(Path root) {
    private static final String DESCRIPTION = "run.json";
    private static final String PROGRESS = "progress.json";
    private static final String LEFT_OUT = "left_out.csv";
    private static final String TEST = "test.json";
    private static final String PREDICTIONS = "predictions.csv";
    private static final String PER_CLASS = "per_class.csv";
    private static final String FEATURES = "features.csv";
    private static final List<String> CONTENT = List.of(
            "config.toml",
            DESCRIPTION,
            "environment.json",
            "split.csv",
            FEATURES,
            LEFT_OUT,
            "damaged.csv",
            "equal_content.csv",
            "metrics.csv",
            TEST,
            PREDICTIONS,
            PER_CLASS,
            "artifacts",
            "checkpoints",
            PROGRESS,
            "bundle");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public Path split() {
        return root.resolve("split.csv");
    }

    Path artifacts() {
        return root.resolve("artifacts");
    }

    public Path bundle() {
        return root.resolve("bundle");
    }

    /** The checkpoints a run keeps. */
    public enum Kept {
        /** Of the best epoch on the validation part, or of the last where there is none. */
        BEST,
        /** Where the run stands. */
        LAST
    }

    /** @throws TrainingException where it is not there yet */
    Path checkpoint(Kept kept) {
        Path checkpoint = kept == Kept.BEST ? best() : last(progress());
        if (!Files.exists(checkpoint)) {
            throw new TrainingException(
                    "The run " + root + " has no checkpoint " + checkpoint.getFileName() + " yet: no epoch is over");
        }
        return checkpoint;
    }

    /** A session with a kept checkpoint, for evaluation. */
    public OrtTrainer trainer(Kept kept, Device device) {
        return OrtTrainer.open(TrainingArtifacts.Paths.in(artifacts()), checkpoint(kept), device, 0);
    }

    /** Figures on the test part, of the best checkpoint, by name; empty where it was not measured. */
    public Map<String, Double> testFigures() {
        return Files.exists(root.resolve(TEST))
                ? new TreeMap<>(read(TEST, Figures.class).values())
                : Map.of();
    }

    /** Forgets the figures on the test part: another checkpoint will be the best. */
    void forgetTestFigures() {
        remove(root.resolve(TEST));
        remove(root.resolve(PREDICTIONS));
        remove(root.resolve(PER_CLASS));
    }

    /**
     * Notes what the run works on or, where it began before, makes sure that it still is the same.
     *
     * @throws TrainingException where it is not
     */
    void workOn(Learned learned) {
        Path file = root.resolve(FEATURES);
        if (Files.exists(file)) {
            Learned.parse(text(FEATURES), file.toString()).requireSame(learned, root.toString());
        } else {
            write(FEATURES, learned.csv());
        }
    }

    void writePerClass(String csv) {
        write(PER_CLASS, csv);
    }

    void writePredictions(String csv) {
        write(PREDICTIONS, csv);
    }

    void writeTestFigures(Map<String, Double> figures) {
        writeJson(TEST, new Figures(figures));
    }

    /** The content of {@code test.json}. */
    record Figures(@JsonValue Map<String, Double> values) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Figures {}
    }

    /** Everything that the run does not learn from nor is measured on: what the scan passed over, and what failed. */
    void writeLeftOut(List<LeftOut> scanned, List<LeftOut> failed) {
        write(
                LEFT_OUT,
                ScanReport.leftOut(
                        Stream.concat(scanned.stream(), failed.stream()).toList()));
    }

    private Path checkpoints() {
        return root.resolve("checkpoints");
    }

    private Path best() {
        return checkpoints().resolve("best");
    }

    private Path last(RunProgress progress) {
        return checkpoints().resolve("last-" + progress.step());
    }

    /**
     * Makes the folder of a new run.
     *
     * @throws TrainingException where a run is there already, or anything else that a run would overwrite
     */
    public static RunFolder create(Path root) {
        RunFolder folder = new RunFolder(root);
        if (Files.exists(root.resolve(DESCRIPTION))) {
            throw new TrainingException(
                    root + " holds a run already; choose another --out, or go on with it: train --resume " + root);
        }
        for (String name : CONTENT) {
            if (Files.exists(root.resolve(name))) {
                throw new TrainingException(
                        root.resolve(name) + " is there already, and a run would overwrite it; choose another --out");
            }
        }
        folder.attempt(() -> Files.createDirectories(root));
        // Two that begin a run in one folder at once have both come so far; one of them makes this.
        folder.attempt(() -> Files.createDirectory(folder.checkpoints()));
        return folder;
    }

    /**
     * The folder of a run that was begun.
     *
     * @throws TrainingException where there is none
     */
    public static RunFolder open(Path root) {
        RunFolder folder = new RunFolder(root);
        if (!Files.exists(folder.root.resolve(DESCRIPTION))) {
            throw new TrainingException(root + " is not the folder of a run: it has no " + DESCRIPTION);
        }
        return folder;
    }

    public void describe(RunDescription run) {
        writeJson(DESCRIPTION, run);
    }

    public RunDescription description() {
        return read(DESCRIPTION, RunDescription.class);
    }

    public void write(String file, String content) {
        attempt(() -> {
            Path target = root.resolve(file);
            Path temporary = root.resolve("." + file + ".part");
            Files.writeString(temporary, content);
            return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    public void writeJson(String file, Object content) {
        write(file, JSON.writeValueAsString(content) + "\n");
    }

    /** Whether a run was begun here and can go on. */
    public boolean resumable() {
        return Files.exists(root.resolve(PROGRESS));
    }

    /** @throws TrainingException where it has not saved itself yet */
    public RunProgress progress() {
        if (!resumable()) {
            throw new TrainingException(
                    "The run " + root + " was stopped before its first epoch was over, and has nothing"
                            + " to show yet; go on with: train --resume " + root);
        }
        return read(PROGRESS, RunProgress.class);
    }

    private String text(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException e) {
            throw new TrainingException("Cannot read " + root.resolve(file) + ": " + e, e);
        }
    }

    private <T> T read(String file, Class<T> type) {
        try {
            return JSON.readValue(text(file), type);
        } catch (JacksonException e) {
            throw new TrainingException("Cannot read " + root.resolve(file) + ": " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Saves a checkpoint with the progress that belongs to it, the progress last: at every moment that on disk names a
     * checkpoint on disk, and what was written after it is written again by whoever goes on from there.
     */
    public void save(OrtTrainer trainer, RunProgress progress, boolean isBest) {
        Optional<Path> before = resumable() ? Optional.of(last(progress())) : Optional.empty();
        saveCheckpoint(trainer, last(progress));
        if (isBest) {
            saveCheckpoint(trainer, best());
        }
        write(
                "metrics.csv",
                progress.history().stream()
                        .map(RunProgress.Row::csv)
                        .collect(Collectors.joining("", RunProgress.Row.HEADER, "")));
        writeJson(PROGRESS, progress);
        before.filter(file -> !file.equals(last(progress))).ifPresent(this::remove);
    }

    private void saveCheckpoint(OrtTrainer trainer, Path target) {
        Path temporary = target.resolveSibling("." + target.getFileName() + ".part");
        trainer.save(temporary);
        attempt(() -> Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE));
    }

    private void remove(Path file) {
        attempt(() -> {
            Files.deleteIfExists(file);
            return file;
        });
    }

    @FunctionalInterface
    private interface FileWork {
        Path run() throws IOException;
    }

    private void attempt(FileWork work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new TrainingException("Cannot write to the run folder " + root + ": " + e, e);
        }
    }
}
