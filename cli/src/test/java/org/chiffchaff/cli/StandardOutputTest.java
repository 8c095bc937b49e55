package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of results, in a process of their own on a machine set to German. */
class StandardOutputTest {
    private static ProcessBuilder chiffchaff(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=de",
                "-Duser.country=DE",
                "-cp",
                System.getProperty("java.class.path"),
                Chiffchaff.class.getName()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parrot count", "parrot repeat --seed=1", "--help", "--version", "completion"})
    void failsWhereItCannotBeWritten(String line) throws IOException, InterruptedException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no full device here");
        Process process =
                chiffchaff(line.split(" ", -1)).redirectOutput(full.toFile()).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("chiffchaff: cannot write the results to standard output: No space left on device\n", err);
        assertEquals(Chiffchaff.FAILED, process.waitFor());
    }

    /** As {@code chiffchaff parrot count | head -n 3}: figures as everywhere, and a quiet end. */
    @Test
    void endsQuietlyWithItsReader() throws IOException, InterruptedException {
        Process process = chiffchaff("parrot", "count").start();
        try (BufferedReader head = process.inputReader()) {
            assertEquals(List.of("0.5", "1.0", "1.5"), List.of(head.readLine(), head.readLine(), head.readLine()));
        }
        assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(Chiffchaff.READER_GONE, process.waitFor());
    }
}
