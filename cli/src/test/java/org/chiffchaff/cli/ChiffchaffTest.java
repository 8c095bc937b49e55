package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChiffchaffTest {
    @Test
    void listsSubcommandsInTheOrderOfADay() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        List<String> words = new ArrayList<>(
                Chiffchaff.commands(nowhere, nowhere).getSubcommands().keySet());
        assertEquals(List.of("demo", "data", "train", "serve", "identify", "completion", "parrot"), words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "parrot --help", "parrot repeat --help", "demo -h"})
    void explainsItselfAtEveryLevel(String line) {
        CommandLineRun run = CommandLineRun.of(line.split(" ", -1));
        assertEquals(new CommandLineRun(0, run.out(), ""), run);
        assertTrue(run.out().startsWith("Usage: chiffchaff"), run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "parrot --version", "parrot repeat -V"})
    void saysItsVersionAtEveryLevel(String line) {
        CommandLineRun run = CommandLineRun.of(line.split(" ", -1));
        assertTrue(run.out().matches("chiffchaff \\d+\\.\\d+\\.\\d+\\S*\\R"), run.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            parrot fail --how=ours    | 1   | chiffchaff: a.wav: found nothing, expected a song
            parrot fail --how=usage   | 2   | chiffchaff: --how is silly (see chiffchaff parrot fail --help)
            parrot fail --how=cancelled   | 130 | ''
            parrot fail --how=interrupted | 130 | ''
            parrot fail               | 2   | chiffchaff: Missing required option: '--how=<how>' (see chiffchaff parrot fail --help)
            parrot fail --hwo=ours    | 2   | chiffchaff: unknown option '--hwo'; the closest is '--how' (see chiffchaff parrot fail --help)
            parrott                   | 2   | chiffchaff: 'parrott' does not belong here; the closest is 'parrot' (see chiffchaff --help)
            parrot fail --how=ours me | 2 | chiffchaff: 'me' does not belong here (see chiffchaff parrot fail --help)
            parrot repeat --seed=x    | 2   | chiffchaff: Invalid value for option '--seed': 'x' is not an int (see chiffchaff parrot repeat --help)
            """)
    void endsWithACodeAndAtMostOneLine(String line, int code, String message) {
        CommandLineRun run = CommandLineRun.of(line.split(" ", -1));
        assertEquals(new CommandLineRun(code, "", message.isEmpty() ? "" : message + "\n"), run);
    }

    @Test
    void looksForOurErrorsInsideThoseOfExecutors() {
        CommandLineRun run = CommandLineRun.of("parrot", "fail", "--how=ours, wrapped");
        assertEquals(new CommandLineRun(1, "", "chiffchaff: a.wav: silent\n"), run);
    }

    @Test
    void ownsUpToDefects() {
        CommandLineRun run = CommandLineRun.of("parrot", "fail", "--how=unforeseen");
        assertEquals(1, run.code());
        assertTrue(run.err().startsWith("java.lang.IllegalStateException: the nest is empty\n\tat "), run.err());
        assertTrue(run.err().endsWith("\nchiffchaff: this is a defect in Chiffchaff\n"), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"parrot", ""})
    void wantsOneWordMoreThanAGroup(String line) {
        CommandLineRun run = line.isEmpty() ? CommandLineRun.of() : CommandLineRun.of(line);
        assertEquals(new CommandLineRun(2, "", run.err()), run);
        assertTrue(run.err().startsWith("Usage: chiffchaff"), run.err());
    }
}
