package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("run.toml");
    }

    private CommandLineRun repeat(String toml, String... args) throws IOException {
        Files.writeString(file, toml);
        String[] line = {"parrot", "repeat", "--config", file.toString()};
        return CommandLineRun.of(Stream.concat(Stream.of(line), Stream.of(args)).toArray(String[]::new));
    }

    @Test
    void givesEveryKindOfOption() throws IOException {
        String toml = """
                [parrot.repeat]
                seed = 7
                learning-rate = 0.25
                out = "runs/a \\"b\\" \\\\ ü"
                mood = "very_loud"
                shuffle = false
                quick = true
                word = ["one", "two words"]
                channels = [32, 64]
                """;
        assertEquals(new CommandLineRun(0, toml, ""), repeat(toml));
    }

    @Test
    void yieldsToTheCommandLineAndItsOwnTable() throws IOException {
        String toml = """
                seed = 1
                learning-rate = 1
                word = ["top"]
                [parrot]
                mood = "very_loud"
                [parrot.repeat]
                learning-rate = 2e-1
                quick = true
                [train]
                unheard-of = 3
                """;
        String expected = """
                [parrot.repeat]
                seed = 5
                learning-rate = 0.2
                mood = "very_loud"
                shuffle = true
                quick = false
                word = ["given"]
                """;
        assertEquals(
                new CommandLineRun(0, expected, ""), repeat(toml, "--seed", "5", "--word", "given", "--quick=false"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sed = 1             | unknown key 'sed'; the closest is 'seed'
            [parot]             | unknown key 'parot'; the closest is 'out'
            help = true         | unknown key 'help'; the closest is 'seed'
            seed = "1"          | 'seed' takes a whole number, not "1"
            seed = 1.5          | 'seed' takes a whole number, not 1.5
            learning-rate = "x" | 'learning-rate' takes a number, not "x"
            quick = "yes"       | 'quick' takes true or false, not "yes"
            out = true          | 'out' takes text, not true
            mood = "shy"        | Invalid value for option '--mood': expected one of [CALM, VERY_LOUD] (case-insensitive) but was 'shy'
            seed = [1, 2]       | 'seed' takes one value, not the list [1,2]
            seed =              | line 1 is not TOML: Premature end of file
            """)
    void teachesWhatIsWrong(String toml, String problem) throws IOException {
        String message = "chiffchaff: " + file + ": " + problem + " (see chiffchaff parrot repeat --help)\n";
        assertEquals(new CommandLineRun(2, "", message), repeat(toml));
    }

    @Test
    void mustBeReadableText() throws IOException {
        Files.write(file, new byte[] {(byte) 0xff, '=', '1'});
        String wrong = "chiffchaff: %s: %s (see chiffchaff parrot repeat --help)\n";
        CommandLineRun noText = CommandLineRun.of("parrot", "repeat", "--config=" + file);
        String problem =
                "cannot be read: java.io.CharConversionException: Invalid UTF-8 start byte 0xff (at char #1, byte #-1)";
        assertEquals(new CommandLineRun(2, "", wrong.formatted(file, problem)), noText);

        assertTrue(file.toFile().setReadable(false));
        assumeFalse(Files.isReadable(file), "root reads everything");
        CommandLineRun secret = CommandLineRun.of("parrot", "repeat", "--config=" + file);
        String denied = "cannot be read: java.nio.file.AccessDeniedException: " + file;
        assertEquals(new CommandLineRun(2, "", wrong.formatted(file, denied)), secret);
    }

    @Test
    void mustExist() {
        CommandLineRun run = CommandLineRun.of("parrot", "repeat", "--config=" + file);
        assertEquals(
                new CommandLineRun(
                        2, "", "chiffchaff: " + file + ": no such file (see chiffchaff parrot repeat --help)\n"),
                run);
    }
}
