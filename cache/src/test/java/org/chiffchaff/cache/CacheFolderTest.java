package org.chiffchaff.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
    private static final String TEMPORARY = "java.io.tmpdir";

    private final String temporaryBefore = System.getProperty(TEMPORARY);

    @TempDir
    private Path folder;

    private Path temporary;

    /** A file, beneath which even root can make no folder. */
    private Path blocked;

    @BeforeEach
    void makeFolders() throws IOException {
        temporary = Files.createDirectory(folder.resolve("temporary"));
        blocked = Files.createFile(folder.resolve("file"));
        System.setProperty(TEMPORARY, temporary.toString());
    }

    @AfterEach
    void restore() {
        System.setProperty(TEMPORARY, temporaryBefore);
    }

    private Path in(String name) {
        return folder.resolve(name);
    }

    private Path ours() throws IOException {
        return temporary.resolve("chiffchaff-" + Files.getOwner(temporary).getName());
    }

    private static CacheFolder choose(Map<String, String> environment) {
        return CacheFolder.choose(environment, Optional.empty());
    }

    @Test
    void whatIsNamedComesFirstThenTheCustomaryPlaces() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "customs of Linux");
        String home = in("home").toString();
        String xdg = in("xdg").toString();
        String variable = in("variable").toString();
        assertEquals(
                new CacheFolder(in("option"), "--cache-dir", List.of()),
                CacheFolder.choose(
                        Map.of("HOME", home, "XDG_CACHE_HOME", xdg, "CHIFFCHAFF_CACHE", variable),
                        Optional.of(in("option").toString())));
        assertEquals(
                new CacheFolder(in("variable"), "CHIFFCHAFF_CACHE", List.of()),
                choose(Map.of("HOME", home, "XDG_CACHE_HOME", xdg, "CHIFFCHAFF_CACHE", variable)));
        assertEquals(
                new CacheFolder(in("xdg/chiffchaff"), "XDG_CACHE_HOME", List.of()),
                choose(Map.of("HOME", home, "XDG_CACHE_HOME", xdg, "CHIFFCHAFF_CACHE", "")));
        assertEquals(
                new CacheFolder(in("home/.cache/chiffchaff"), "HOME", List.of()),
                choose(Map.of("HOME", home, "XDG_CACHE_HOME", "relative")));
    }

    @Test
    void makesNothingButTheFolderItChooses() throws IOException {
        choose(Map.of(
                "CHIFFCHAFF_CACHE",
                in("variable").toString(),
                "HOME",
                in("home").toString()));
        try (Stream<Path> made = Files.walk(folder)) {
            assertEquals(
                    List.of(folder, blocked, temporary, in("variable")),
                    made.sorted().toList());
        }
    }

    @Test
    void aCustomaryPlaceThatWillNotDoIsPassedOverAndNamed() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "customs of Linux");
        CacheFolder chosen = choose(Map.of("HOME", blocked.toString()));
        assertEquals(
                new CacheFolder(
                        ours(),
                        "the temporary folder",
                        List.of(blocked + "/.cache/chiffchaff (HOME): " + blocked + "/.cache: Not a directory")),
                chosen);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ours())));
        assertEquals(chosen, choose(Map.of("HOME", blocked.toString())));
    }

    @Test
    void aFolderThatWasNamedIsNotReplacedByAnother() {
        CacheException refused = assertThrows(
                CacheException.class,
                () -> choose(Map.of(
                        "CHIFFCHAFF_CACHE",
                        blocked.toString(),
                        "HOME",
                        in("home").toString())));
        assertEquals(
                "no folder for unpacked libraries and features: " + blocked + " (CHIFFCHAFF_CACHE): " + blocked
                        + ": is in the way and no folder; name a folder that can be written with --cache-dir or"
                        + " CHIFFCHAFF_CACHE",
                refused.getMessage());
        assertFalse(Files.exists(in("home")));
    }

    /** Another user may have made it, to have their library loaded instead of ours. */
    @Test
    void aTemporaryFolderThatOthersCanWriteIsRefused() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "customs of Linux");
        Files.createDirectory(ours());
        Files.setPosixFilePermissions(ours(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused("others can write there, or it is not the user's own");

        Files.delete(ours());
        Files.createSymbolicLink(ours(), Files.createDirectory(in("elsewhere")));
        assertRefused("others can write there, or it is not the user's own");
    }

    private void assertRefused(String reason) throws IOException {
        CacheException refused = assertThrows(CacheException.class, () -> choose(Map.of("HOME", blocked.toString())));
        assertEquals(
                "no folder for unpacked libraries and features: " + blocked + "/.cache/chiffchaff (HOME): " + blocked
                        + "/.cache: Not a directory; " + ours() + " (the temporary folder): " + reason
                        + "; name a folder that can be written with --cache-dir or CHIFFCHAFF_CACHE",
                refused.getMessage());
    }

    @Test
    void ofMakesTheFolderOfAKind() {
        String before = System.getProperty(CacheFolder.PROPERTY, "");
        try {
            System.setProperty(CacheFolder.PROPERTY, in("option").toString());
            assertEquals(in("option/features"), CacheFolder.of("features"));
            assertTrue(Files.isDirectory(in("option/features")));
        } finally {
            System.setProperty(CacheFolder.PROPERTY, before);
        }
    }
}
