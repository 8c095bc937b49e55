package org.chiffchaff.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticCorpusTest {
    @TempDir
    Path folder;

    @Test
    void writesADataSet() throws IOException, UnsupportedAudioFileException {
        List<Integer> progress = new ArrayList<>();
        new SyntheticCorpus(12, 2, 1, 42).write(folder.resolve("songs"), progress::add);

        Dataset dataset = Dataset.scan(folder.resolve("songs"));
        assertEquals(12, dataset.labels().size());
        assertEquals(24, dataset.recordings().size());
        assertEquals(IntStream.rangeClosed(1, 24).boxed().toList(), progress);
        assertEquals(
                24,
                dataset.recordings().stream().map(Recording::group).distinct().count());
        for (Recording recording : dataset.recordings()) {
            assertPlayable(dataset.path(recording));
        }
    }

    @Test
    void isTheSameToTheBit() throws IOException {
        SyntheticCorpus corpus = new SyntheticCorpus(2, 2, 1, 42);
        corpus.write(folder.resolve("songs"), written -> {});

        Path file = folder.resolve("songs/Ember Sinker/ember-sinker-002.wav");
        CRC32 digest = new CRC32();
        digest.update(Files.readAllBytes(file));
        // What every Java on every machine has made of this seed so far.
        assertEquals(577_579_047, digest.getValue());
    }

    @Test
    void growsWithoutChangingWhatWasThere() {
        SyntheticSpecies kind = SyntheticSpecies.ALL.getFirst();

        float[] samples = new SyntheticCorpus(3, 5, 1, 42).samples(kind, "x-001");

        assertArrayEquals(samples, new SyntheticCorpus(12, 50, 10, 42).samples(kind, "x-001"));
        assertFalse(Arrays.equals(samples, new SyntheticCorpus(3, 5, 1, 43).samples(kind, "x-001")));
        assertFalse(Arrays.equals(samples, new SyntheticCorpus(3, 5, 1, 42).samples(kind, "x-002")));
    }

    @Test
    void canHaveALongTail() {
        assertEquals(List.of(12, 12, 12), new SyntheticCorpus(3, 12, 1, 0).counts());
        assertEquals(List.of(100, 32, 10, 3, 1), new SyntheticCorpus(5, 100, 100, 0).counts());
        assertEquals(List.of(7), new SyntheticCorpus(1, 7, 10, 0).counts());
    }

    @Test
    void refusesAFolderInUseAndImpossibleSizes() throws IOException {
        Files.createFile(folder.resolve("thesis.doc"));

        assertEquals(
                "a synthetic corpus for " + folder + ", which is not empty; expected a new folder, so that nothing is"
                        + " mixed up or lost",
                assertThrows(DataException.class, () -> new SyntheticCorpus(1, 1, 1, 0).write(folder, written -> {}))
                        .getMessage());
        assertEquals(
                "a synthetic corpus of 13 species, 1 recordings and imbalance 1.0; expected 1 to 12 species, 1 recording or"
                        + " more, and an imbalance of 1 or more",
                assertThrows(DataException.class, () -> new SyntheticCorpus(13, 1, 1, 0))
                        .getMessage());
    }

    private static void assertPlayable(Path file) throws IOException, UnsupportedAudioFileException {
        try (AudioInputStream stream = AudioSystem.getAudioInputStream(file.toFile())) {
            AudioFormat format = stream.getFormat();
            assertEquals(22_050, format.getSampleRate());
            assertEquals(16, format.getSampleSizeInBits());
            assertEquals(1, format.getChannels());
            double seconds = stream.getFrameLength() / 22_050.0;
            assertTrue(seconds > 4.99 && seconds < 8, file + " lasts " + seconds + " s");
        }
    }
}
