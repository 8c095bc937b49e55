package org.chiffchaff.training.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.chiffchaff.audio.AudioException;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.audio.Condition;
import org.chiffchaff.audio.SoundFile;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.run.TinyRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
    @TempDir
    Path folder;

    private Path recording;

    @BeforeEach
    void sing() throws IOException {
        recording = folder.resolve("song.wav");
        write(2_000);
    }

    // Ten and a half seconds: eleven windows of one second, more than one run of the front-end takes.
    private void write(double hertz) throws IOException {
        Files.write(
                recording,
                SoundFile.wave(SoundFile.Coding.SIGNED_16, 8_000, 1, 84_000, SoundFile.sine(hertz, 0.5, 8_000)));
    }

    private FeatureCache cache() {
        return new FeatureCache(folder.resolve("cache"), TinyRun.SPEC, 0);
    }

    private ByteBuffer features() {
        try (FeatureCache cache = cache()) {
            return TinyRun.Held.all(cache.hear(recording, Channel.MIX).features(), TinyRun.SPEC);
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    // As clips of one length that come from one archive.
    @Test
    void hearsFilesThatChangedPlacesWhateverTheirSizesAndTimes() throws IOException {
        FileTime unpacked = FileTime.fromMillis(1_577_836_800_000L);
        Files.setLastModifiedTime(recording, unpacked);
        ByteBuffer first = features();
        Path aside = Files.move(recording, folder.resolve("aside.wav"));
        write(1_000);
        Files.setLastModifiedTime(recording, unpacked);
        ByteBuffer second = features();
        assertNotEquals(first, second);
        Files.move(recording, folder.resolve("other.wav"));
        Files.move(aside, recording);
        assertEquals(first, features());
    }

    @Test
    void readsFromTheDiskTheSecondTime() throws IOException {
        ByteBuffer first = features();
        assertEquals(11 * TinyRun.SPEC.featureSize() * Float.BYTES, first.remaining());
        Path entry = entries().getFirst();
        FileTime past = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(entry, past);

        assertEquals(first, features());
        assertEquals(List.of(entry), entries());
        assertEquals(past, Files.getLastModifiedTime(entry));
    }

    @Test
    void aChangedFileGetsOtherFeatures() throws IOException {
        ByteBuffer first = features();
        write(3_000);
        Files.setLastModifiedTime(recording, FileTime.fromMillis(1_000_000_000_000L));
        assertNotEquals(first, features());
        assertEquals(2, entries().size());
    }

    @Test
    void otherWindowsAreOtherFeatures() {
        ByteBuffer apart = features();
        try (FeatureCache cache = new FeatureCache(folder.resolve("cache"), TinyRun.SPEC, 0.5)) {
            ByteBuffer overlapping =
                    TinyRun.Held.all(cache.hear(recording, Channel.MIX).features(), TinyRun.SPEC);
            assertEquals(20 * TinyRun.SPEC.featureSize() * Float.BYTES, overlapping.remaining());
            assertNotEquals(apart, overlapping);
        }
    }

    @Test
    void anEntryCutShortTeaches() throws IOException {
        int whole = features().remaining() + 64;
        Path entry = entries().getFirst();
        byte[] content = Files.readAllBytes(entry);
        Files.write(entry, Arrays.copyOf(content, 1000));
        assertRefused("The cached features " + entry + " hold 1000 bytes; expected " + whole
                + ". Delete the file and run again");
        Files.write(entry, new byte[3]);
        assertRefused("The cached features " + entry + " hold 3 bytes; expected 64. Delete the file and run again");
    }

    private void assertRefused(String message) {
        assertEquals(
                message, assertThrows(TrainingException.class, this::features).getMessage());
    }

    @Test
    void theConditionIsKeptWithTheFeatures() throws IOException {
        byte[] content = Files.readAllBytes(recording);
        Files.write(recording, Arrays.copyOf(content, content.length - 16_000));
        List<Condition> conditions = new ArrayList<>();
        for (int time = 0; time < 2; time++) {
            try (FeatureCache cache = cache()) {
                conditions.add(cache.hear(recording, Channel.MIX).condition());
            }
        }
        assertEquals(List.of("truncated: 9.5 of 10.5 s"), conditions.getFirst().remarks());
        assertEquals(8_000, conditions.getFirst().sampleRate());
        assertEquals(conditions.getFirst(), conditions.getLast());
        assertEquals(1, entries().size());
    }

    @Test
    void aRecordingThatCannotBeUsedLeavesNothingBehind() throws IOException {
        Files.write(recording, new byte[100]);
        assertThrows(AudioException.class, this::features);
        assertEquals(List.of(), entries());
    }

    @Test
    void aDiskThatCannotBeWrittenIsNoDefectOfOurs() throws IOException {
        Files.createFile(folder.resolve("cache"));
        String message = assertThrows(TrainingException.class, this::features).getMessage();
        assertEquals("The feature cache cannot hold " + recording + " in ", message.replaceFirst("(?s)( in ).*", "$1"));
    }
}
