package org.chiffchaff.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    @TempDir
    Path root;

    @Test
    void takesFoldersForSpeciesAndFilesForRecordings() throws IOException {
        add("Parus major/b.wav");
        add("Parus major/2024/a.FLAC");
        add("Parus major/notes.txt");
        add("Parus major/.hidden.wav");
        add("Parus major/.trash/old.wav");
        add(".cache/c.wav");
        add("\uFF21pus/d.mp3");
        add("\uD83E\uDD89 owl/e.ogg");
        add("Empty one/readme.md");
        add("loose.wav");

        Dataset dataset = Dataset.scan(root);

        // U+FF21 comes before U+1F989, though Java compares its first surrogate as less.
        assertEquals(List.of("Parus major", "\uFF21pus", "\uD83E\uDD89 owl"), dataset.labels());
        assertLeftOut("""
                .cache HIDDEN hidden
                Empty one EMPTY_FOLDER a folder without a recording
                Empty one/readme.md NOT_AUDIO is empty (0 bytes); a recording is expected
                Parus major/.hidden.wav HIDDEN hidden
                Parus major/.trash HIDDEN hidden
                Parus major/notes.txt NOT_AUDIO is empty (0 bytes); a recording is expected
                loose.wav OUTSIDE lies in no species' folder, but beside them
                """, dataset);
        assertEquals(1, dataset.findings().deeper());
        assertEquals(
                List.of(
                        new Recording("Parus major/2024/a.FLAC", "Parus major", "2024/a"),
                        new Recording("Parus major/b.wav", "Parus major", "b"),
                        new Recording("\uFF21pus/d.mp3", "\uFF21pus", "d"),
                        new Recording("\uD83E\uDD89 owl/e.ogg", "\uD83E\uDD89 owl", "e")),
                dataset.recordings());
        assertEquals(2, dataset.index("\uD83E\uDD89 owl"));
        assertEquals(
                root.resolve("Parus major/b.wav"),
                dataset.path(dataset.recordings().get(1)));
    }

    // Recorders name files by the time of day, and put each day into a folder.
    @Test
    void takesEqualPathsWithinSpeciesForOneRecording() throws IOException {
        add("blackbird/2024.05.01/0700.wav");
        add("blackbird/2024.05.01/0700.flac");
        add("blackbird/2024.05.01/0730.wav");
        add("blackbird/2024.05.02/0700.wav");
        add("robin/2024.05.02/0700.wav");
        add("robin/0700.wav");

        assertEquals(
                List.of(
                        "2024.05.01/0700",
                        "2024.05.01/0700",
                        "2024.05.01/0730",
                        "2024.05.02/0700",
                        "0700",
                        "2024.05.02/0700"),
                Dataset.scan(root).recordings().stream().map(Recording::group).toList());
    }

    @Test
    void readsGroupsFromNamesAndElseFromFolders() throws IOException {
        add("rain/1-17367-A.ogg");
        add("rain/new/1-17367-B.ogg");
        add("rain/site-3-17/0700.wav");
        add("wind/site-3-17/0730.wav");
        add("wind/0700.wav");

        assertGroups(3, List.of("17367", "17367", "site-3-17/0700", "0700", "site-3-17/0730"), "^\\d-(\\d+)-");
        assertGroups(3, List.of("1-17367-A", "new/1-17367-B", "3-17", "0700", "3-17"), "/site-([^/]+)/");
        // A name that tells comes before a folder that does, too.
        assertGroups(1, List.of("17367", "17367", "17", "0700", "17"), "\\d-(\\d+)");
    }

    private void assertGroups(int ungrouped, List<String> expected, String pattern) {
        Grouping grouping = Grouping.byPattern(Pattern.compile(pattern));
        Dataset dataset = Dataset.scan(root).grouped(grouping);
        assertEquals(
                expected, dataset.recordings().stream().map(Recording::group).toList());
        assertEquals(ungrouped, dataset.ungrouped(grouping));
    }

    // The copy in another species brings the two names together under one, and with them all their files.
    @Test
    void keepsEqualContentsTogether() throws IOException {
        byte[] long1 = new byte[100_000];
        byte[] long2 = long1.clone();
        long2[50_001] = 1; // where no sample of it is taken
        write("a/one.wav", long1);
        write("a/zwei.flac", long1);
        write("b/drei.wav", long1);
        write("b/zwei.wav", "another".getBytes(UTF_8));
        write("b/vier.wav", long2);
        write("b/fuenf.wav", long2);
        write("b/other.wav", new byte[100_000 - 1]);
        Files.createLink(root.resolve("a/sechs.wav"), root.resolve("b/other.wav"));
        Files.createSymbolicLink(root.resolve("b/sieben.wav"), root.resolve("b/zwei.wav"));
        add("b/nothing.wav");
        add("b/nothing-either.wav");

        Dataset dataset = Dataset.scan(root);

        assertEquals(
                List.of(
                        sha256(long1) + " [a, b] [a/one.wav, a/zwei.flac, b/drei.wav]",
                        sha256(new byte[100_000 - 1]) + " [a, b] [a/sechs.wav, b/other.wav]",
                        sha256(long2) + " [b] [b/fuenf.wav, b/vier.wav]",
                        sha256("another".getBytes(UTF_8)) + " [b] [b/sieben.wav, b/zwei.wav]"),
                dataset.findings().equalContents().stream()
                        .map(each -> each.sha256() + " " + each.labels() + " "
                                + each.recordings().stream()
                                        .map(Recording::file)
                                        .toList())
                        .toList());
        assertEquals(
                "{a/one.wav=drei, a/sechs.wav=other, a/zwei.flac=drei, b/drei.wav=drei, b/fuenf.wav=fuenf,"
                        + " b/nothing-either.wav=nothing-either, b/nothing.wav=nothing, b/other.wav=other,"
                        + " b/sieben.wav=drei, b/vier.wav=fuenf, b/zwei.wav=drei}",
                groups(dataset));
        assertEquals(
                "{a/one.wav=a, a/sechs.wav=a, a/zwei.flac=a, b/drei.wav=a, b/fuenf.wav=a, b/nothing-either.wav=a,"
                        + " b/nothing.wav=a, b/other.wav=a, b/sieben.wav=a, b/vier.wav=a, b/zwei.wav=a}",
                groups(dataset.grouped(each -> Optional.of(each.label()))));
    }

    private static String groups(Dataset dataset) {
        Map<String, String> groups = new TreeMap<>();
        dataset.recordings().forEach(each -> groups.put(each.file(), each.group()));
        return groups.toString();
    }

    private static String sha256(byte[] content) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    // Eleven thousand links to four hundred files were dealt to all parts once.
    @Test
    void linksToOneFileAreOneGroup() throws IOException {
        for (int file = 0; file < 4; file++) {
            write("files/" + file + ".wav", new byte[] {1, (byte) file});
            for (int link = 0; link < 30; link++) {
                Path path = root.resolve("links/" + link + "-" + file + ".wav");
                Files.createDirectories(path.getParent());
                Files.createSymbolicLink(path, root.resolve("files/" + file + ".wav"));
            }
        }
        Dataset dataset = Dataset.scan(root);
        assertEquals(124, dataset.recordings().size());
        assertEquals(
                4,
                dataset.recordings().stream().map(Recording::group).distinct().count());
    }

    @Test
    void namesAreTheSameHoweverTheDiskSpellsThem() throws IOException {
        byte[] content = {1, 2, 3};
        write("Bu\u0308rzel/2024/a\u0308.wav", content);

        Dataset dataset = Dataset.scan(root);

        Recording found = new Recording("B\u00FCrzel/2024/\u00E4.wav", "B\u00FCrzel", "2024/\u00E4");
        assertEquals(List.of(found), dataset.recordings());
        assertEquals(List.of("B\u00FCrzel"), dataset.labels());
        assertArrayEquals(content, Files.readAllBytes(dataset.path(found)));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesSpeciesThatLookAlike() throws IOException {
        add("Amsel/a.wav");
        add("amsel/b.wav");
        assertMessage("the folders " + root.resolve("Amsel") + " and " + root.resolve("amsel")
                + " name one species, but for case and Unicode's forms; expected one of them, or names that differ in"
                + " more");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesNamesThatDifferInUnicodesFormsOnly() throws IOException {
        add("B\u00FCrzel/a.wav");
        add("Bu\u0308rzel/b.wav");
        assertMessage("the folders " + root.resolve("Bu\u0308rzel") + " and " + root.resolve("B\u00FCrzel")
                + " name one species, but for case and Unicode's forms; expected one of them, or names that differ in"
                + " more");
        Files.delete(root.resolve("Bu\u0308rzel/b.wav"));
        Files.delete(root.resolve("Bu\u0308rzel"));
        add("B\u00FCrzel/\u00E4.wav");
        add("B\u00FCrzel/a\u0308.wav");
        assertMessage("the files " + root.resolve("B\u00FCrzel/a\u0308.wav") + " and "
                + root.resolve("B\u00FCrzel/\u00E4.wav")
                + " have one name, but for Unicode's forms; expected one of them, or names that differ in more");
    }

    @Test
    void takesEveryFolderForASpeciesWhereTheyAreNested() throws IOException {
        add("Corvus/Corvus corone/a.wav");
        add("Corvus/Corvus cornix/b.wav");
        add("Corvus/c.wav");
        add("Pica/Pica pica/a.wav");
        assertEquals(List.of("Corvus", "Pica"), Dataset.scan(root).labels());
        assertEquals(3, Dataset.scan(root).findings().deeper());

        Dataset nested = Dataset.scan(root, Dataset.Layout.NESTED);

        assertEquals(List.of("Corvus", "Corvus cornix", "Corvus corone", "Pica pica"), nested.labels());
        assertEquals(
                new Recording("Corvus/Corvus cornix/b.wav", "Corvus cornix", "b"),
                nested.recordings().getFirst());
        assertEquals(0, nested.findings().deeper());
        add("Dohlen/corvus corone/d.wav");
        assertEquals(
                "the folders " + root.resolve("Corvus/Corvus corone") + " and " + root.resolve("Dohlen/corvus corone")
                        + " name one species, but for case and Unicode's forms; expected one of them, or names that"
                        + " differ in more",
                assertThrows(DataException.class, () -> Dataset.scan(root, Dataset.Layout.NESTED))
                        .getMessage());
    }

    @Test
    void aLinkBackIsNoSpecies() throws IOException {
        add("one/a.wav");
        Files.createSymbolicLink(root.resolve("self"), root);
        Files.createSymbolicLink(root.resolve("one/up"), root);
        Files.createSymbolicLink(root.resolve("two"), root.resolve("one"));
        Dataset dataset = Dataset.scan(root);
        assertEquals(
                List.of("one/a.wav", "two/a.wav"),
                dataset.recordings().stream().map(Recording::file).toList());
        String back = " LOOP a link to " + root.toRealPath() + ", which is searched already\n";
        assertLeftOut("one/up" + back + "self" + back + "two/up" + back, dataset);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aFolderThatCannotBeReadStopsNoOther() throws IOException {
        add("closed/a.wav");
        add("open/a.wav");
        Path closed = root.resolve("closed");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assumeFalse(Files.isReadable(closed), "this user may read everything");
            Dataset dataset = Dataset.scan(root);
            assertEquals(List.of("open"), dataset.labels());
            assertLeftOut("closed UNREADABLE cannot be read by this user\n", dataset);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void teachesWhatItExpects() throws IOException {
        assertMessage("no species in " + root + ": found no folders in it; expected one folder per species, named after"
                + " it, with its recordings inside");
        add("one/readme.md");
        assertMessage("no recordings in " + root + ": found 1 folders without one; expected one folder per species with"
                + " audio files in it");
        assertEquals(
                "no data set at " + root.resolve("x")
                        + ": found nothing; expected a folder with one folder per species",
                assertThrows(DataException.class, () -> Dataset.scan(root.resolve("x")))
                        .getMessage());
    }

    @Test
    void teachesPatterns() {
        assertEquals(
                "the group pattern 'a' captures nothing; expected a pair of parentheses around the part of the file name"
                        + " that tells the group",
                assertThrows(DataException.class, () -> Grouping.byPattern(Pattern.compile("a")))
                        .getMessage());
    }

    @Test
    void readsRealFolders() {
        Path birds = Path.of(System.getProperty("chiffchaff.recordings")).resolve("british-birds");
        assumeTrue(Files.isDirectory(birds), "no recordings at " + birds);

        Dataset dataset = Dataset.scan(birds);

        assertEquals(33, dataset.labels().size());
        assertEquals(99, dataset.recordings().size());
        assertLeftOut("labels.csv OUTSIDE lies in no species' folder, but beside them\n", dataset, birds);
        assertEquals(List.of(), dataset.findings().equalContents());
    }

    private void assertLeftOut(String expected, Dataset dataset) {
        assertLeftOut(expected, dataset, root);
    }

    private static void assertLeftOut(String expected, Dataset dataset, Path root) {
        StringBuilder lines = new StringBuilder();
        dataset.findings()
                .leftOut()
                .forEach(each -> lines.append(root.relativize(each.path()))
                        .append(' ')
                        .append(each.kind().name())
                        .append(' ')
                        .append(each.reason())
                        .append('\n'));
        assertEquals(expected, lines.toString());
    }

    private void write(String file, byte[] content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, content);
    }

    private void add(String file) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
    }

    private void assertMessage(String expected) {
        assertEquals(
                expected,
                assertThrows(DataException.class, () -> Dataset.scan(root)).getMessage());
    }
}
