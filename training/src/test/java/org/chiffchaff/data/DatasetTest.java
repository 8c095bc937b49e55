package org.chiffchaff.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
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
        assertEquals(List.of("Empty one"), dataset.emptyFolders());
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
        assertEquals(List.of(), dataset.emptyFolders());
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
