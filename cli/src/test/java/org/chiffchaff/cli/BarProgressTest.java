package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarProgressTest {
    private static final List<String> SING = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dchiffchaff.terminal.err=true",
            "-Dchiffchaff.terminal.columns=40",
            "-cp",
            System.getProperty("java.class.path"),
            Chiffchaff.class.getName(),
            "parrot",
            "sing");

    @TempDir
    private Path folder;

    @BeforeEach
    void askForATerminal() throws IOException {
        assumeTrue(Files.exists(Path.of("/usr/bin/script")), "nothing here that makes a terminal");
        assumeTrue(System.getProperty("os.name").equals("Linux"), "script takes other words elsewhere");
        Interrupts.assumeHeard();
    }

    /** A parrot that sings on a terminal, after the shell has done something else. */
    private static Process terminal(String before) throws IOException {
        return new ProcessBuilder("script", "-qec", before + "exec '" + String.join("' '", SING) + "'", "/dev/null")
                .start();
    }

    private static void read(InputStream screen, StringBuilder seen, String until) throws IOException {
        int from = seen.length();
        while (seen.indexOf(until, from) < 0) {
            int next = screen.read();
            assertTrue(next >= 0, () -> "'" + until + "' did not come: " + seen);
            seen.append((char) next);
        }
    }

    /** The rest, and how it ended. */
    private static int stop(Process terminal, StringBuilder seen) throws IOException, InterruptedException {
        terminal.getOutputStream().write('C' - '@');
        terminal.getOutputStream().flush();
        seen.append(new String(terminal.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        return terminal.waitFor();
    }

    /** Ctrl-C on a terminal, under a bar, ends the process in order: what is under way saves itself. */
    @Test
    void leavesSignalsAlone() throws IOException, InterruptedException {
        Process terminal = terminal("");
        StringBuilder seen = new StringBuilder();
        read(terminal.getInputStream(), seen, "1/100");
        assertEquals(Chiffchaff.INTERRUPTED, stop(terminal, seen));
        assertTrue(seen.toString().contains("good night"), seen.toString());
        String bar = seen.substring(seen.indexOf("verses"), seen.indexOf("^C"));
        bar.lines().forEach(line -> assertTrue(line.replace("\u001b[J", "").length() < 40, line));
    }

    @Test
    void fitsATerminalThatIsMadeNarrower() throws IOException, InterruptedException {
        Path resize = folder.resolve("resize");
        Process terminal = terminal(
                "stty cols 40; (until [ -e '" + resize + "' ]; do sleep 0.1; done; stty cols 25 </dev/tty) & ");
        StringBuilder seen = new StringBuilder();
        InputStream screen = terminal.getInputStream();
        read(screen, seen, "1/100");
        read(screen, seen, "\r\u001b[J");
        assertEquals(39, drawn(screen, seen).length(), seen::toString);
        Files.createFile(resize);
        // The old width may still be drawn a few times.
        int width = 39;
        for (int i = 0; i < 50 && width == 39; i++) {
            read(screen, seen, "\u001b[J");
            width = drawn(screen, seen).length();
        }
        assertEquals(24, width, seen::toString);
        stop(terminal, seen);
    }

    /** What is drawn next, after which the cursor is back at the start of its line. */
    private static String drawn(InputStream screen, StringBuilder seen) throws IOException {
        int from = seen.length();
        read(screen, seen, "\r");
        return seen.substring(from, seen.length() - 1);
    }
}
