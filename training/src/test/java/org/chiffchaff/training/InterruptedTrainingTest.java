package org.chiffchaff.training;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C while a real process trains. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class InterruptedTrainingTest {
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

    private Path interruptAfter(int epoch) throws IOException, InterruptedException {
        Interrupts.assumeHeard();
        new SyntheticCorpus(2, 5, 1, 42).write(folder.resolve("corpus"), written -> {});
        Path run = folder.resolve("run");
        Process process = start(
                "--data=" + folder.resolve("corpus"),
                "--out=" + run,
                "--cache=" + folder.resolve("cache"),
                "--epochs=" + EPOCHS,
                "--patience=" + EPOCHS,
                "--batch-size=2");
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

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Chiffchaff.class.getName(), "train"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .start();
    }
}
