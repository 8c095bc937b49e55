package org.chiffchaff.training.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chiffchaff.cli.Chiffchaff;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own, as libraries are unpacked once in each, on machines that refuse to keep something. */
class UnwritableFoldersTest {
    @TempDir
    private Path folder;

    private Path temporary;

    /** A file: beneath it nobody can make a folder, not even root. */
    private Path blocked;

    @BeforeEach
    void makeFolders() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "customs of Linux");
        temporary = Files.createDirectory(folder.resolve("temporary"));
        blocked = Files.createFile(folder.resolve("file"));
    }

    private record Ended(int code, List<String> lines) {}

    private List<String> java(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("surefire.test.class.path"),
                Chiffchaff.class.getName()));
        command.addAll(List.of(words));
        return command;
    }

    private static Process start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.equals("CHIFFCHAFF_CACHE") || name.startsWith("XDG_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Ended end(Process process) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // Java's own warnings of libraries, which the launcher switches off.
        return new Ended(
                process.waitFor(),
                said.lines().filter(line -> !line.startsWith("WARNING: ")).toList());
    }

    /** Two at once, so that both unpack. */
    @Test
    void withoutAHomeAllIsKeptInTheTemporaryFolder() throws IOException, InterruptedException {
        Map<String, String> homeless = Map.of("HOME", blocked.toString());
        List<Process> both = List.of(start(homeless, java("doctor")), start(homeless, java("doctor")));
        Path ours = temporary.resolve("chiffchaff-" + Files.getOwner(temporary).getName());
        for (Process each : both) {
            Ended doctor = end(each);
            assertEquals(0, doctor.code(), () -> String.join("\n", doctor.lines()));
            List<String> lines = doctor.lines();
            assertEquals(
                    "             passed over: " + blocked + "/.cache/chiffchaff (HOME): " + blocked
                            + "/.cache: Not a directory",
                    lines.get(3));
            assertEquals(
                    "cache        " + ours + " (the temporary folder), can be written, N GiB free",
                    lines.get(4).replaceFirst("[0-9.]+ GiB", "N GiB"));
            assertEquals("features     " + ours + "/features", lines.get(5));
            assertEquals("temporary    " + temporary + ", can be written", lines.get(6));
            assertTrue(lines.get(7).contains(", in " + ours + "/onnxruntime/"), lines.get(7));
            assertTrue(lines.getLast().endsWith(", in " + ours + "/ffmpeg"), lines.getLast());
        }
    }

    @Test
    void whereNothingCanBeKeptOneSentenceSaysSo() throws IOException, InterruptedException {
        Map<String, String> refused = Map.of("CHIFFCHAFF_CACHE", blocked.toString());
        String sentence =
                "no folder for unpacked libraries and features: " + blocked + " (CHIFFCHAFF_CACHE): " + blocked
                        + ": is in the way and no folder; name a folder that can be written with --cache-dir or CHIFFCHAFF_CACHE";
        Ended doctor = end(start(refused, java("doctor")));
        assertEquals(1, doctor.code());
        assertEquals(
                List.of(
                        "cache        MISSING: " + sentence,
                        "features     MISSING: a cache folder, see above",
                        "temporary    " + temporary + ", can be written",
                        "onnxruntime  MISSING: a cache folder, see above",
                        "training     MISSING: a cache folder, see above",
                        "cuda         MISSING: a cache folder, see above",
                        "ffmpeg       MISSING: a cache folder, see above"),
                doctor.lines().subList(3, doctor.lines().size()));

        Path graphs = folder.resolve("graphs");
        Ended models = end(start(refused, java("models", "build", "--out", graphs.toString())));
        assertEquals(new Ended(1, List.of("chiffchaff: " + sentence)), models);

        Ended elsewhere = end(start(
                refused,
                java("doctor", "--cache-dir", folder.resolve("elsewhere").toString())));
        assertEquals(0, elsewhere.code(), () -> String.join("\n", elsewhere.lines()));
    }

    /** As Docker mounts its {@code --tmpfs}. */
    @Test
    void aFolderThatStartsNoProgramsIsPassedOver() throws IOException, InterruptedException {
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        List<String> command = new ArrayList<>(List.of(
                "unshare", "-m", "sh", "-c", "mount -t tmpfs -o noexec none '" + mounted + "' && exec \"$@\"", "sh"));
        List<String> mount = new ArrayList<>(command);
        mount.add("true");
        assumeTrue(canRun(mount), "a mount of one's own is not allowed here");
        command.addAll(java("doctor"));
        Ended doctor = end(start(Map.of("HOME", mounted.toString()), command));
        assertEquals(0, doctor.code(), () -> String.join("\n", doctor.lines()));
        assertEquals(
                "             passed over: " + mounted
                        + "/.cache/chiffchaff (HOME): programs may not be started from there (mounted noexec?)",
                doctor.lines().get(3));
    }

    private static boolean canRun(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
