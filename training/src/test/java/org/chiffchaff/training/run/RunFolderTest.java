package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.session.OrtTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    Path folder;

    // As versions wrote it that knew no --nested, no --damaged and no --channel.
    @Test
    void readsTheDescriptionOfAnEarlierVersion() throws IOException {
        RunFolder run = RunFolder.create(folder.resolve("early"));
        RunDescription now = TinyRun.description(TinyRun.plan(4, 4));
        run.describe(now);
        Path file = folder.resolve("early/run.json");
        String early =
                Files.readString(file).replaceAll("(?m)^  \"(layout|damaged|channel|withoutClass)\" : .*\\R", "");
        assertFalse(early.contains("channel"), early);
        Files.writeString(file, early);
        assertEquals(now, run.description());
    }

    @Test
    void descriptionAndProgressComeBackAsTheyWere() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        RunDescription description = TinyRun.description(TinyRun.plan(3, 1));
        run.describe(description);
        assertEquals(description, RunFolder.open(run.root()).description());

        RunProgress.Row row =
                new RunProgress.Row(1, 1.0 / 3, 0.1, Double.NaN, Double.NaN, Double.NaN, 1e-300, 1e-3, 7, 2);
        RunProgress progress =
                new RunProgress(1, 2, 6, 1, new RunProgress.Sums(0.1, 0.2, 3, 4, 0.7, 1), List.of(row), 0);
        run.writeJson("progress.json", progress);
        assertEquals(progress, run.progress());

        assertEquals(Map.of(), run.testFigures());
        run.writeTestFigures(Map.of("accuracy", 2.0 / 3));
        assertEquals(Map.of("accuracy", 2.0 / 3), run.testFigures());
    }

    @Test
    void refusesAFolderWithARunAndAFolderWithoutOne() {
        Path root = folder.resolve("run");
        assertRefused(root + " is not the folder of a run: it has no run.json", () -> RunFolder.open(root));
        RunFolder.create(root).describe(TinyRun.description(TinyRun.plan(3, 1)));
        assertRefused(
                root + " holds a run already; choose another --out, or go on with it: train --resume " + root,
                () -> RunFolder.create(root));
    }

    @Test
    void refusesAFolderWhoseFilesARunWouldOverwrite() throws IOException {
        Path root = Files.createDirectories(folder.resolve("work"));
        Files.writeString(root.resolve("train.log"), "begins\n");
        Path split = Files.writeString(root.resolve("split.csv"), "file,label,group,part\n");
        assertRefused(
                split + " is there already, and a run would overwrite it; choose another --out",
                () -> RunFolder.create(root));
        Files.delete(split);
        RunFolder.create(root);
        assertEquals("begins\n", Files.readString(root.resolve("train.log")));
    }

    @Test
    void removesNoFileThatItDidNotWrite() throws IOException {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        Path checkpoints = run.root().resolve("checkpoints");
        try (OrtTrainer trainer = TinyRun.begin(run, TinyRun.plan(3, 1))) {
            run.save(trainer, new RunProgress(0, 1, 1, 0, RunProgress.Sums.ZERO, List.of(), -1), false);
            Files.createDirectories(checkpoints.resolve("last-good/one"));
            Files.copy(checkpoints.resolve("last-1"), checkpoints.resolve("last-1.kept"));
            Files.copy(checkpoints.resolve("last-1"), checkpoints.resolve("last-99"));
            run.save(trainer, new RunProgress(0, 2, 2, 0, RunProgress.Sums.ZERO, List.of(), -1), false);
            run.save(trainer, new RunProgress(0, 2, 2, 0, RunProgress.Sums.ZERO, List.of(), -1), false);
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            assertEquals(
                    List.of("last-1.kept", "last-2", "last-99", "last-good"),
                    files.map(each -> each.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void saysWhatCannotBeReadOrWritten() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(
                "Cannot write to the run folder " + file + ": java.nio.file.FileAlreadyExistsException: " + file,
                () -> RunFolder.create(file));
        RunFolder run = RunFolder.create(folder.resolve("run"));
        Path progress = run.root().resolve("progress.json");
        run.write("progress.json", "{\"epoch\": \"three\"}");
        assertRefused(
                "Cannot read " + progress
                        + ": Cannot deserialize value of type `int` from String \"three\": not a valid"
                        + " `int` value",
                run::progress);
    }

    @Test
    void saysThatThereIsNoCheckpointYet() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        assertRefused(
                "The run " + run.root()
                        + " was stopped before its first epoch was over, and has nothing to show yet; go on"
                        + " with: train --resume " + run.root(),
                () -> run.trainer(RunFolder.Kept.LAST, Device.CPU));
        assertRefused(
                "The run " + run.root() + " has no checkpoint best yet: no epoch is over",
                () -> run.trainer(RunFolder.Kept.BEST, Device.CPU));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(TrainingException.class, call).getMessage());
    }
}
