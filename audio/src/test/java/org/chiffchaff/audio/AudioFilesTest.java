package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AudioFilesTest {
    @Test
    void findsRecordingsInTheOrderOfTheirPaths(@TempDir Path folder) throws Exception {
        for (String name : List.of(
                "b/2.WAV", "b/1.flac", "a.ogg", "c/d/e.aiff", ".hidden.wav", ".git/x.wav", "labels.csv", "wav")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        Files.createDirectory(folder.resolve("folder.mp3"));
        Files.createSymbolicLink(folder.resolve("f"), folder.resolve("c"));
        List<String> found = AudioFiles.find(folder).stream()
                .map(file -> folder.relativize(file).toString())
                .toList();
        assertEquals(List.of("a.ogg", "b/1.flac", "b/2.WAV", "c/d/e.aiff", "f/d/e.aiff"), found);
    }

    @Test
    void takesAFileGivenDirectlyWhateverItsName(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve(".recording"));
        assertEquals(List.of(file), AudioFiles.find(file));
        assertEquals(List.of(), AudioFiles.find(folder));
    }

    @Test
    void refusesWhatIsNotThere(@TempDir Path folder) {
        Path missing = folder.resolve("birds");
        AudioException error = assertThrows(AudioException.class, () -> AudioFiles.find(missing));
        assertEquals(missing + ": there is no such file or folder", error.getMessage());
    }

    @Test
    void goesByTheExtension() {
        for (String name : List.of(
                "a.wav", "A.FLAC", "x.y.mp3", "d/a.ogg", "a.oga", "a.opus", "a.m4a", "a.aac", "a.mp4", "a.aif",
                "a.aiff")) {
            assertTrue(AudioFiles.isAudio(Path.of(name)), name);
        }
        for (String name : List.of("wav", "a.txt", "a.wav.csv", "a.", "wav/notes", "/")) {
            assertFalse(AudioFiles.isAudio(Path.of(name)), name);
        }
    }
}
