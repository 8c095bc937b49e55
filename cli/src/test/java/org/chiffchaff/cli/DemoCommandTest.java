package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @TempDir
    private Path folder;

    @Test
    void goesTheWholeWay() throws IOException {
        Path out = folder.resolve("demo");
        CommandLineRun first = CommandLineRun.of("demo", "--out", out.toString());
        assertEquals("""
                songs of seed 42
                seed 42, 15 epochs, patience 15: accuracy 0.5
                OUT/corpus/robin/song 1 | robin
                OUT/corpus/wren, or so/song 1 | wren, or so
                OUT/corpus/robin/song 2 | robin
                OUT/corpus/wren, or so/song 2 | wren, or so
                OUT/corpus/robin/song 3 | jay
                OUT/corpus/wren, or so/song 3 | jay

                4 of 6 recordings named right.

                The same with recordings of your own, one folder per species:
                  ./chiffchaff train --data RECORDINGS --out runs/mine
                  ./chiffchaff serve --model runs/mine/bundle/* --port 8080
                  ./chiffchaff identify FILES --server localhost:8080
                """, first.out().replace(out.toString(), "OUT"));
        assertEquals("""

                $ ./chiffchaff data synth --out OUT/corpus --seed 42

                $ ./chiffchaff train --data OUT/corpus --epochs 15 --patience 15 --seed 42 --out OUT/run --name demo

                $ ./chiffchaff serve --model OUT/run/bundle/demo --port 0
                serving demo 1 on 127.0.0.1:PORT

                $ ./chiffchaff identify 'OUT/corpus/robin/song 1' 'OUT/corpus/wren, or so/song 1' \
                'OUT/corpus/robin/song 2' 'OUT/corpus/wren, or so/song 2' 'OUT/corpus/robin/song 3' \
                'OUT/corpus/wren, or so/song 3' --server localhost:PORT --format table
                """, first.err().replace(out.toString(), "OUT").replaceAll(":\\d+\\b", ":PORT"));
        assertEquals(0, first.code());

        Files.createFile(out.resolve("left over"));
        CommandLineRun again = CommandLineRun.of("demo", "--out", out.toString(), "--recordings", "3");
        assertTrue(again.out().contains("\n3 of 3 recordings named right.\n"), again.out());
        assertFalse(Files.exists(out.resolve("left over")));
    }

    @Test
    void replacesNothingButItsOwn() throws IOException {
        Path mine = Files.createFile(folder.resolve("mine"));
        CommandLineRun run = CommandLineRun.of("demo", "--out", folder.toString());
        assertEquals(
                new CommandLineRun(
                        1,
                        "",
                        "chiffchaff: " + folder
                                + " was not made by the demo; remove it or choose another folder with --out\n"),
                run);
        assertTrue(Files.exists(mine));

        Path corpus = folder.resolve("demo/corpus");
        String within = CommandLineRun.of("demo", "--out", folder + "/demo", "--data", corpus.toString())
                .err();
        assertEquals(
                "chiffchaff: " + corpus + " lies in " + folder
                        + "/demo, which the demo replaces; choose another --out\n",
                within);
    }

    /** What an earlier demo made is worth more than a command line that cannot work. */
    @Test
    void checksBeforeItReplaces() throws IOException {
        String out = folder.resolve("demo").toString();
        CommandLineRun.of("demo", "--out", out);
        Path left = Files.createFile(Path.of(out, "left"));
        assertEquals(
                new CommandLineRun(
                        2,
                        "",
                        "chiffchaff: Invalid value for option '--recordings': 0; expected at least 1"
                                + " (see chiffchaff demo --help)\n"),
                CommandLineRun.of("demo", "--out", out, "--recordings", "0"));
        assertEquals(
                new CommandLineRun(1, "", "chiffchaff: " + folder + "/none: no such folder of recordings\n"),
                CommandLineRun.of("demo", "--out", out, "--data", folder + "/none"));
        assertTrue(Files.exists(left));
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(
                new CommandLineRun(
                        1,
                        "",
                        "chiffchaff: " + file + "/demo: cannot be made an empty folder:"
                                + " java.nio.file.FileSystemException: " + file + "/demo: Not a directory\n"),
                CommandLineRun.of("demo", "--out", file + "/demo"));
    }

    @Test
    void stopsWhereAStepFails() {
        CommandLineRun run = CommandLineRun.of("demo", "--epochs", "0", "--out", folder + "/demo");
        assertEquals(1, run.code());
        assertTrue(run.err().endsWith("chiffchaff: nothing is learned in 0 epochs\n"), run.err());
    }

    /** Ctrl-C while the server thinks: the demo ends with 130 and takes the server along. */
    @Test
    void takesTheServerAlongWhenInterrupted() throws IOException, InterruptedException {
        Interrupts.assumeHeard();
        Path species = Files.createDirectories(folder.resolve("data/silence"));
        Files.writeString(species.resolve("song 1"), "wait\n");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Chiffchaff.class.getName(),
                "demo",
                "--data",
                folder.resolve("data").toString(),
                "--out",
                folder.resolve("demo").toString());
        Process demo = new ProcessBuilder(command).start();
        try (BufferedReader err = demo.errorReader()) {
            while (!err.readLine().startsWith("$ ./chiffchaff identify")) {}
        }
        ProcessHandle server = demo.children().findFirst().orElseThrow();
        new ProcessBuilder("kill", "-INT", "" + demo.pid()).start().waitFor();
        assertTrue(demo.waitFor(30, TimeUnit.SECONDS));
        assertEquals(Chiffchaff.INTERRUPTED, demo.exitValue());
        server.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
}
