package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.chiffchaff.cache.CacheFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, in a house of one module whose {@code mvnw} puts in place what Maven has built of this one. */
class LauncherTest {
    private static final String BUILDING =
            "chiffchaff: building (the first time, libraries are downloaded, which takes a few minutes)\n";
    private static final String BUILT = BUILDING + "mvnw -B -DskipTests -pl cli -am package\n";
    private static final String HOME = System.getProperty("java.home");

    @TempDir
    private Path folder;

    private Path root;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void build() throws Exception {
        root = Files.createDirectories(folder.resolve("a house"));
        Files.copy(Path.of(System.getProperty("chiffchaff.root"), "chiffchaff"), root.resolve("chiffchaff"));
        Files.createFile(root.resolve("pom.xml"));
        Path services = root.resolve("cli/src/main/resources/META-INF/services");
        Files.createDirectories(services);
        Files.createFile(services.resolve("org.chiffchaff.cli.Subcommand"));
        Path libraries = Files.createDirectories(folder.resolve("libraries"));
        for (Path library : libraries()) {
            Files.copy(library, libraries.resolve(library.getFileName()));
        }
        pack(place(CacheFolder.class), libraries.resolve("cache.jar"));
        Files.writeString(root.resolve("mvnw"), mvnw(libraries));
        assertTrue(root.resolve("mvnw").toFile().setExecutable(true));
        // Sources older than what is built from them.
        try (Stream<Path> sources = Files.walk(root)) {
            for (Path source : sources.toList()) {
                age(source, Duration.ofHours(1));
            }
        }
    }

    private static List<Path> libraries() {
        return Stream.of(System.getProperty("surefire.test.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .toList();
    }

    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** A module that Maven has compiled and not yet packed. */
    private static void pack(Path module, Path jar) {
        if (Files.isDirectory(module)) {
            ToolProvider.findFirst("jar")
                    .orElseThrow()
                    .run(System.out, System.err, "-c", "-f", jar.toString(), "-C", module.toString(), ".");
        }
    }

    private String mvnw(Path libraries) throws URISyntaxException {
        Path classes = place(Chiffchaff.class);
        return """
                #!/bin/sh
                set -eu
                echo "mvnw $*"
                cat "${BUILD_SAYS:-/dev/null}"
                [ -z "${BUILD_FAILS:-}" ]
                mkdir building
                sleep "${BUILD_SECONDS:-0}"
                rmdir building
                mkdir -p cli/target
                '%s/bin/jar' -c -f cli/target/chiffchaff-cli-9.jar -C '%s' .
                set -- '%s'/*.jar
                IFS=:
                echo "$*" >cli/target/class-path
                """.formatted(HOME, classes, libraries);
    }

    private static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    private Ended launch(Map<String, String> environment, Path launcher, String... args)
            throws IOException, InterruptedException {
        return start(environment, launcher, args).end();
    }

    /** A launcher at work, what it says going to files. */
    private record Started(Process process, Path out, Path err) {
        private Ended end() throws IOException, InterruptedException {
            int code = process.waitFor();
            return new Ended(code, Files.readString(out), Files.readString(err));
        }
    }

    private Started start(Map<String, String> environment, Path launcher, String... args) throws IOException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder("sh", launcher.toString())
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(List.of(args));
        builder.environment().put("JAVA_HOME", HOME);
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().putAll(environment);
        return new Started(builder.start(), out, err);
    }

    private Ended launch(String... args) throws IOException, InterruptedException {
        return launch(Map.of(), root.resolve("chiffchaff"), args);
    }

    @Test
    void buildsWhatIsMissingOrOld() throws IOException, InterruptedException {
        Ended quiet = new Ended(0, Chiffchaff.version() + "\n", "");
        Ended building = new Ended(0, quiet.out(), BUILT);
        assertEquals(building, launch("--version"));
        assertEquals(quiet, launch("--version"));

        Files.createFile(root.resolve("cli/src/main/New.java"));
        assertEquals(building, launch("--version"));
        assertEquals(quiet, launch("--version"));

        Path listed = root.resolve("cli/target/class-path");
        Files.writeString(listed, "/gone.jar:" + Files.readString(listed));
        assertEquals(building, launch("--version"));
    }

    @Test
    void tellsHowFarTheBuildIs() throws IOException, InterruptedException {
        Path says = Files.writeString(folder.resolve("says"), """
                [INFO] Scanning for projects...
                WARNING: sun.misc.Unsafe::staticFieldBase will be removed in a future release
                [INFO] --------------------< org.chiffchaff:chiffchaff-audio >---------------------
                [INFO] Building Chiffchaff audio 0.1.0                                    [4/9]
                [INFO]   from audio/pom.xml
                [INFO] Downloading from central: https://example.org/a.jar
                %s[WARNING] Parameter 'x' is unknown
                    and goes on
                [INFO] Building A name that leaves no room for more than this one space 0.1.0 [5/9]
                """.formatted(
                        "[INFO] Downloaded from central: https://example.org/a.jar (1 kB at 2 kB/s)\n".repeat(250)));
        String told = BUILT + """
                chiffchaff:   module 4 of 9: Chiffchaff audio
                chiffchaff:   100 files downloaded
                chiffchaff:   200 files downloaded
                chiffchaff:   module 5 of 9: A name that leaves no room for more than this one space
                """;
        assertEquals(
                new Ended(0, Chiffchaff.version() + "\n", told),
                launch(Map.of("BUILD_SAYS", says.toString()), root.resolve("chiffchaff"), "--version"));
    }

    @Test
    void tellsAllOfWhatWentWrong() throws IOException, InterruptedException {
        Path says = Files.writeString(folder.resolve("says"), """
                mvnw: cannot find what it needs
                [INFO] Building Chiffchaff audio 0.1.0                                    [4/9]
                [WARNING] /a house/A.java:[1,2] unused
                    in two lines
                [INFO] 1 warning
                [ERROR] Failed to execute goal: \\backslash %s
                  its cause
                [INFO]
                not told
                """);
        String told = BUILT + """
                mvnw: cannot find what it needs
                chiffchaff:   module 4 of 9: Chiffchaff audio
                [WARNING] /a house/A.java:[1,2] unused
                    in two lines
                [ERROR] Failed to execute goal: \\backslash %s
                  its cause
                """;
        assertEquals(
                new Ended(1, "", told),
                launch(
                        Map.of("BUILD_SAYS", says.toString(), "BUILD_FAILS", "yes"),
                        root.resolve("chiffchaff"),
                        "--version"));
    }

    @Test
    void buildsWithoutAHome() throws IOException, InterruptedException {
        String home = root + "/target/home";
        String told = BUILDING + "mvnw -B -DskipTests -Duser.home=" + home + " -Dmaven.repo.local=" + home
                + "/.m2/repository -pl cli -am package\n";
        assertEquals(
                new Ended(0, Chiffchaff.version() + "\n", told),
                launch(Map.of("HOME", ""), root.resolve("chiffchaff"), "--version"));
    }

    /** As in a container: built before, and now only the cache folder can be written. */
    @Test
    void startsFromAFolderThatCannotBeWritten() throws IOException, InterruptedException {
        launch("--version");
        removeArchives();
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Path script = Files.writeString(folder.resolve("script"), """
                mount --bind '%1$s' '%1$s' && mount -o remount,ro,bind '%1$s' || exit 77
                exec sh '%1$s/chiffchaff' --version
                """.formatted(root));
        Process mount = new ProcessBuilder("sh", "-c", "unshare -m mount --bind '" + root + "' '" + root + "'").start();
        assumeTrue(mount.waitFor() == 0, "a mount of one's own is not allowed here");
        Path unshare = Files.writeString(folder.resolve("unshare"), "exec unshare -m sh '" + script + "'\n");
        for (int start = 0; start < 2; start++) {
            assertEquals(
                    new Ended(0, Chiffchaff.version() + "\n", ""),
                    launch(Map.of("CHIFFCHAFF_CACHE", cache.toString()), unshare));
        }
        try (Stream<Path> kept = Files.walk(cache.resolve("class-data"))) {
            assertEquals(
                    1, kept.filter(each -> each.toString().endsWith(".jsa")).count());
        }
    }

    @Test
    void passesArgumentsAndTheExitCode() throws IOException, InterruptedException {
        launch("--version");
        Ended wrong = new Ended(
                2, "", "chiffchaff: 'two words' does not belong here; the closest is 'demo' (see chiffchaff --help)\n");
        assertEquals(wrong, launch("two words"));
    }

    @Test
    void findsItsFolder() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a house/chiffchaff"));
        assertEquals(0, launch(Map.of(), link, "--version").code());
        Map<String, String> elsewhere = Map.of("CDPATH", folder.toString());
        Ended quiet = new Ended(0, Chiffchaff.version() + "\n", "");
        assertEquals(quiet, launch(elsewhere, Path.of("link"), "--version"));
        assertEquals(quiet, launch(elsewhere, Path.of("a house/chiffchaff"), "--version"));
    }

    @Test
    void findsAJavaThatIsNewEnough() throws IOException, InterruptedException {
        Map<String, String> environment = Map.of("JAVA_HOME", fakeJava(24), "JAVA_25_HOME", HOME);
        assertEquals(
                0, launch(environment, root.resolve("chiffchaff"), "--version").code());
    }

    @Test
    void keepsToJavaHomeWhereThatWillDo() throws IOException, InterruptedException {
        Map<String, String> environment = Map.of("JAVA_HOME", HOME, "JAVA_99_HOME", fakeJava(99));
        assertEquals(
                0, launch(environment, root.resolve("chiffchaff"), "--version").code());
    }

    /** A JDK that does not work. */
    private String fakeJava(int major) throws IOException {
        Path home = folder.resolve("java " + major);
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + major + ".0.1\"\n");
        Files.copy(Path.of("/bin/false"), bin.resolve("java"));
        Files.copy(Path.of("/bin/false"), bin.resolve("javac"));
        return home.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "xx_XX.UTF-8"})
    void readsNamesBeyondAsciiInAnyLocale(String locale) throws IOException, InterruptedException {
        launch("--version");
        // A file, as this Java's own locale may not let it pass the word on.
        Path script = folder.resolve("script");
        Files.writeString(script, "exec sh 'a house/chiffchaff' demo --config Grünfink.toml");
        assertEquals(
                new Ended(2, "", "chiffchaff: Grünfink.toml: no such file (see chiffchaff demo --help)\n"),
                launch(Map.of("LC_ALL", locale), script));
    }

    private void removeArchives() throws IOException {
        Path archives = root.resolve("cli/target/class-data");
        try (Stream<Path> files = Files.list(archives)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(archives);
    }

    @Test
    void startsWhereNothingCanBeWritten() throws IOException, InterruptedException {
        launch("--version");
        removeArchives();
        Files.createFile(root.resolve("cli/target/class-data"));
        assertEquals(new Ended(0, Chiffchaff.version() + "\n", ""), launch("--version"));
    }

    /** The lock left by a build that was killed is no hindrance, not even where several find it at once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void buildsOnceHoweverManyStart(boolean killedBefore) throws IOException, InterruptedException {
        if (killedBefore) {
            Process gone = new ProcessBuilder("true").start();
            gone.waitFor();
            Files.createDirectories(root.resolve("target"));
            Files.createSymbolicLink(root.resolve("target/build-lock"), Path.of("" + gone.pid()));
        }
        List<Started> started = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            started.add(start(Map.of("BUILD_SECONDS", "2"), root.resolve("chiffchaff"), "--version"));
        }
        Ended quiet = new Ended(0, Chiffchaff.version() + "\n", "");
        int built = 0;
        for (Started each : started) {
            Ended ended = each.end();
            if (ended.err().equals(BUILT)) {
                built++;
            } else {
                String owner = ended.err().replaceFirst("(?s).* process (\\d+).*", "$1");
                assertEquals(waiting(owner), ended.err());
            }
            assertEquals(new Ended(0, quiet.out(), ended.err()), ended);
        }
        assertEquals(1, built);
        assertFalse(Files.isSymbolicLink(root.resolve("target/build-lock")));
    }

    private String waiting(String owner) {
        return "chiffchaff: waiting for process " + owner + ", which is building (if it is not, remove '" + root
                + "/target/build-lock')\n";
    }

    @Test
    void buildsAnewAfterAnInterruptedBuild() throws IOException, InterruptedException {
        Interrupts.assumeHeard();
        Started interrupted = start(Map.of("BUILD_SECONDS", "60"), root.resolve("chiffchaff"), "--version");
        while (!Files.isDirectory(root.resolve("building"))) {
            Thread.sleep(50);
        }
        // Ctrl-C reaches all of them.
        List<ProcessHandle> group = Stream.concat(
                        interrupted.process().descendants(),
                        Stream.of(interrupted.process().toHandle()))
                .toList();
        List<String> kill = new ArrayList<>(List.of("kill", "-INT"));
        group.forEach(each -> kill.add("" + each.pid()));
        new ProcessBuilder(kill).start().waitFor();
        assertEquals(new Ended(130, "", BUILT), interrupted.end());
        Files.delete(root.resolve("building"));
        assertEquals(new Ended(0, Chiffchaff.version() + "\n", BUILT), launch("--version"));
    }

    @Test
    void saysWhyItCannotBuild() throws IOException, InterruptedException {
        Files.createFile(root.resolve("target"));
        Ended ended = launch(Map.of("LC_ALL", "C"), root.resolve("chiffchaff"), "--version");
        String problem = ended.err().replaceFirst("(?s)^chiffchaff: must be built first and cannot be: (.*)\n$", "$1");
        assertTrue(problem.matches("mkdir: .*/a house/target.*: File exists"), problem);
        assertEquals(new Ended(1, "", "chiffchaff: must be built first and cannot be: " + problem + "\n"), ended);
    }
}
