package org.chiffchaff.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialTest {
    @TempDir
    private Path folder;

    @Test
    void goesOnWhereItBegan() throws IOException {
        List<String> words = List.of(
                "train", "--device", "cuda", "--lr", "0.1", "--cuda-tf32", "--cuda-search=default", "--out", "x");
        Trial trial = new Trial("1", 1, folder, words);
        assertEquals(words, trial.next());
        Files.createFile(folder.resolve("run.json"));
        assertEquals(
                List.of(
                        "train",
                        "--device",
                        "cuda",
                        "--cuda-tf32",
                        "--cuda-search=default",
                        "--resume",
                        folder.toString()),
                trial.next());
    }
}
