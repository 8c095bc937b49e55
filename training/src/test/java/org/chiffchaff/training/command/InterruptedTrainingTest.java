package org.chiffchaff.training.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.CommandLineRun;
import org.chiffchaff.cli.Interrupts;
import org.chiffchaff.data.SyntheticCorpus;
import org.chiffchaff.training.run.RunFolder;
import org.chiffchaff.training.run.RunProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C while a real process trains. */
@EnabledOnOs({OS.LINUX, OS.MAC})
public class InterruptedTrainingTest {
    private static final int EPOCHS = 12;

    @TempDir
    Path folder;

    @Test
    void leavesARunThatCanBeFinished() throws IOException, InterruptedException {
        Path run = interruptAfter(1);
        RunProgress progress = RunFolder.open(run).progress();
        assertTrue(progress.epoch() < EPOCHS, "finished before it was stopped");
        assertEquals(
                "stopped in epoch " + (progress.epoch() + 1) + "; go on with: train --resume " + run,
                Files.readAllLines(folder.resolve("err")).getLast());
        assertCanBeFinished(run);
    }

    // While the best checkpoint is tested and the bundle written; where that comes first, the process ends alike.
    @Test
    void leavesARunThatCanBeFinishedAfterTheLastEpoch() throws IOException, InterruptedException {
        Path run = interruptAfter(EPOCHS);
        assertEquals(EPOCHS, RunFolder.open(run).progress().epoch());
        assertCanBeFinished(run);
    }

    // Without a word, as a machine goes out; while it works, nobody else may.
    @Test
    void killedInAnEpochGoesOnFromItsLastCheckpoint() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Process process = start(run, "--checkpoint-minutes=0");
        try {
            awaitAStepOfALaterEpoch(process, run);
            // Held where it is, so that it is killed there.
            new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertEquals(
                    new CommandLineRun(
                            1,
                            "",
                            "chiffchaff: The run " + run + " is being trained already, by process " + process.pid()
                                    + "; wait until it ends, or stop it (kill " + process.pid()
                                    + " saves it), then: train --resume " + run + "\n"),
                    CommandLineRun.of("train", "--resume=" + run));
            assertEquals(0, CommandLineRun.of("evaluate", run.toString()).code());
        } finally {
            process.destroyForcibly().waitFor();
        }
        RunProgress progress = RunFolder.open(run).progress();
        assertTrue(progress.epoch() >= 1 && progress.epoch() < EPOCHS, "killed at step " + progress.step());
        assertCanBeFinished(run);
        CommandLineRun undisturbed =
                CommandLineRun.of(words(folder.resolve("undisturbed")).toArray(String[]::new));
        assertEquals(0, undisturbed.code(), undisturbed.err());
        assertEquals(timeless(folder.resolve("undisturbed")), timeless(run));

        CommandLineRun extended = CommandLineRun.of("train", "--resume=" + run, "--epochs=" + (EPOCHS + 1));
        assertTrue(
                extended.err()
                        .contains("13 epochs instead of 12: from here on the learning rate is that of a run of 13, "),
                extended.err());
        assertEquals(EPOCHS + 1, RunFolder.open(run).progress().epoch());
        assertEquals(
                new CommandLineRun(
                        2,
                        "",
                        "chiffchaff: --epochs is 12, and the run " + run
                                + " has 13; --resume can add to them, not take away (see chiffchaff train --help)\n"),
                CommandLineRun.of("train", "--resume=" + run, "--epochs=" + EPOCHS));
    }

    private void awaitAStepOfALaterEpoch(Process process, Path run) throws IOException, InterruptedException {
        boolean there = false;
        while (!there) {
            assertTrue(process.isAlive(), Files.readString(folder.resolve("err")));
            Thread.sleep(5);
            if (Files.exists(run.resolve("progress.json"))) {
                RunProgress progress = RunFolder.open(run).progress();
                there = progress.epoch() >= 1 && progress.batch() > 0;
                assertTrue(progress.epoch() < EPOCHS, "missed it");
            }
        }
    }

    // The last column is how fast it went.
    private static List<String> timeless(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    private Path interruptAfter(int epoch) throws IOException, InterruptedException {
        Interrupts.assumeHeard();
        Path run = folder.resolve("run");
        Process process = start(run);
        try (BufferedReader out = process.inputReader()) {
            String line = out.readLine();
            while (line != null && !line.strip().startsWith(epoch + "/" + EPOCHS)) {
                line = out.readLine();
            }
            assertNotNull(line, Files.readString(folder.resolve("err")));
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
            out.transferTo(Writer.nullWriter());
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(folder.resolve("err"));
        assertEquals(130, process.exitValue(), said);
        assertFalse(said.contains("chiffchaff: "), said);
        return run;
    }

    private static void assertCanBeFinished(Path run) {
        CommandLineRun resumed = CommandLineRun.of("train", "--resume=" + run);
        assertEquals(0, resumed.code(), resumed.err());
        assertEquals(EPOCHS, RunFolder.open(run).progress().epoch());
        assertTrue(Files.exists(run.resolve("bundle/run/1.0.0/model.onnx")));
    }

    private List<String> words(Path run) {
        if (Files.notExists(folder.resolve("corpus"))) {
            new SyntheticCorpus(2, 5, 1, 42).write(folder.resolve("corpus"), written -> {});
        }
        return List.of(
                "train",
                "--data=" + folder.resolve("corpus"),
                "--out=" + run,
                "--cache=" + folder.resolve("cache"),
                "--epochs=" + EPOCHS,
                "--patience=" + EPOCHS,
                "--batch-size=2");
    }

    private Process start(Path run, String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Chiffchaff.class.getName()));
        command.addAll(words(run));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .start();
    }
}
