package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Proportions;
import org.chiffchaff.data.Split;
import org.chiffchaff.data.SyntheticCorpus;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.training.feed.Damaged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run, from recordings to the bundle, that is stopped at one of its last stages and gone on with. */
class StoppedRunTest {
    @TempDir
    Path folder;

    private Dataset dataset;
    private Split split;

    @Test
    void endsWithTheSameModelWhereverItWasStopped() throws IOException {
        new SyntheticCorpus(2, 4, 1, 42).write(folder.resolve("corpus"), written -> {});
        dataset = Dataset.scan(folder.resolve("corpus"));
        split = Split.stratified(dataset, Proportions.DEFAULT, 42);
        AtomicInteger asked = new AtomicInteger();
        Path undisturbed = begin("undisturbed");
        train(undisturbed, () -> asked.incrementAndGet() == 0);

        // From the writing of the bundle back through the test to the last epoch.
        for (int last = 1; last <= 6; last++) {
            int stopAt = asked.get() - last;
            Path stopped = begin("stopped-" + last);
            AtomicInteger again = new AtomicInteger();
            String message = assertThrows(
                            CancellationException.class, () -> train(stopped, () -> again.getAndIncrement() == stopAt))
                    .getMessage();
            assertTrue(
                    List.of("stopped in epoch 2", "stopped after the last epoch")
                            .contains(message),
                    message);
            assertTrue(Files.notExists(stopped.resolve("bundle")));
            train(stopped, () -> false);
            assertSame(undisturbed, stopped);
        }
    }

    private Path begin(String name) {
        Path root = folder.resolve(name);
        RunFolder.create(root)
                .describe(new RunDescription(
                        "tiny",
                        dataset.root().toString(),
                        Dataset.Layout.FLAT,
                        Damaged.USE,
                        "mix",
                        folder.resolve("cache").toString(),
                        dataset.labels(),
                        List.of(),
                        0,
                        0,
                        TinyRun.plan(2, 2)));
        return root;
    }

    private void train(Path root, BooleanSupplier stop) {
        RunFolder run = RunFolder.open(root);
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        new TrainRun(run, run.description(), Device.CPU, nowhere, nowhere).train(dataset, split, stop, () -> false);
    }

    private static void assertSame(Path expected, Path found) throws IOException {
        for (String file : List.of("test.json", "per_class.csv", "bundle/tiny/1.0.0/model.onnx")) {
            assertArrayEquals(
                    Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(found.resolve(file)), file);
        }
        assertEquals(timeless(expected), timeless(found));
    }

    // The last column is how fast it went.
    private static List<String> timeless(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }
}
