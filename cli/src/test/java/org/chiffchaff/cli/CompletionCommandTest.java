package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CompletionCommandTest {
    /** Bash itself completes {@code chiffchaff parrot re} with what we print. */
    @Test
    void completesInBash() throws IOException, InterruptedException {
        String ask = """
                COMP_WORDS=(chiffchaff parrot re)
                COMP_CWORD=2
                _complete_chiffchaff
                echo "${COMPREPLY[@]}"
                """;
        Process bash = new ProcessBuilder("bash").redirectErrorStream(true).start();
        try (var script = bash.outputWriter(StandardCharsets.UTF_8)) {
            script.write(CommandLineRun.of("completion").out() + "\n" + ask);
        }
        assertEquals("repeat", new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        assertEquals(0, bash.waitFor());
    }
}
