package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, in a house of one module whose {@code mvnw} puts in place what Maven has built of this one. */
class LauncherTest {
    private static final String BUILDING =
            "chiffchaff: building (the first time, libraries are downloaded, which takes a few minutes)\n";
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

    private String mvnw(Path libraries) throws URISyntaxException {
        Path classes = Path.of(Chiffchaff.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return """
                #!/bin/sh
                set -eu
                echo "mvnw $*"
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
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("sh", launcher.toString())
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(List.of(args));
        builder.environment().put("JAVA_HOME", HOME);
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Ended(code, Files.readString(out), Files.readString(err));
    }

    private Ended launch(String... args) throws IOException, InterruptedException {
        return launch(Map.of(), root.resolve("chiffchaff"), args);
    }

    @Test
    void buildsWhatIsMissingOrOld() throws IOException, InterruptedException {
        String built = BUILDING + "mvnw -q -B -DskipTests -pl cli -am package\n";
        Ended quiet = new Ended(0, Chiffchaff.version() + "\n", "");
        Ended building = new Ended(0, quiet.out(), built);
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
    void passesArgumentsAndTheExitCode() throws IOException, InterruptedException {
        launch("--version");
        Ended wrong = new Ended(
                2, "", "chiffchaff: 'two words' does not belong here; the closest is 'demo' (see chiffchaff --help)\n");
        assertEquals(wrong, launch("two words"));
    }

    @Test
    void isFoundThroughLinksAndFindsANewerJava() throws IOException, InterruptedException {
        Path old = Files.createDirectories(folder.resolve("old/bin"));
        Files.writeString(folder.resolve("old/release"), "JAVA_VERSION=\"17.0.1\"\n");
        Files.copy(Path.of("/bin/false"), old.resolve("java"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a house/chiffchaff"));
        Map<String, String> environment = Map.of("JAVA_HOME", old.getParent().toString(), "JAVA_21_HOME", HOME);
        assertEquals(0, launch(environment, link, "--version").code());
    }
}
