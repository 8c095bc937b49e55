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
import org.junit.jupiter.api.Test;

class BarProgressTest {
    /** Ctrl-C on a terminal, under a bar, ends the process in order: what is under way saves itself. */
    @Test
    void leavesSignalsAlone() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/bin/script")), "nothing here that makes a terminal");
        assumeTrue(System.getProperty("os.name").equals("Linux"), "script takes other words elsewhere");
        Interrupts.assumeHeard();
        List<String> words = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dchiffchaff.terminal=true",
                "-Dchiffchaff.columns=40",
                "-cp",
                System.getProperty("java.class.path"),
                Chiffchaff.class.getName(),
                "parrot",
                "sing");
        Process terminal =
                new ProcessBuilder("script", "-qec", "exec '" + String.join("' '", words) + "'", "/dev/null").start();
        InputStream screen = terminal.getInputStream();
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().contains("1/100")) {
            seen.append((char) screen.read());
        }
        terminal.getOutputStream().write('C' - '@');
        terminal.getOutputStream().flush();
        seen.append(new String(screen.readAllBytes(), StandardCharsets.UTF_8));
        assertTrue(seen.toString().contains("good night"), seen.toString());
        assertEquals(Chiffchaff.INTERRUPTED, terminal.waitFor());
        String bar = seen.substring(seen.indexOf("verses"), seen.indexOf("^C"));
        bar.lines().forEach(line -> assertTrue(line.length() < 40, line));
    }
}
