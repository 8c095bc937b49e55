package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** For tests that send Ctrl-C to a process of their own. */
public final class Interrupts {
    private static final int SIGINT = 2;

    private Interrupts() {}

    /** A process in the background of a shell script ignores Ctrl-C, and so does whatever it starts. */
    public static void assumeHeard() throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean ignored = Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .mapToLong(line -> Long.parseUnsignedLong(
                                line.substring("SigIgn:".length()).strip(), 16))
                        .anyMatch(signals -> (signals >> (SIGINT - 1) & 1) != 0);
        assumeFalse(ignored, "whoever started this process lets it ignore Ctrl-C");
    }
}
