package org.chiffchaff.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.chiffchaff.audio.AudioException;
import org.chiffchaff.audio.SoundFile;
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
            return TinyRun.Held.all(cache.features(recording), TinyRun.SPEC);
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            return files.filter(Files::isRegularFile).toList();
        }
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
            ByteBuffer overlapping = TinyRun.Held.all(cache.features(recording), TinyRun.SPEC);
            assertEquals(20 * TinyRun.SPEC.featureSize() * Float.BYTES, overlapping.remaining());
            assertNotEquals(apart, overlapping);
        }
    }

    @Test
    void anEntryCutShortTeaches() throws IOException {
        int whole = features().remaining() + Long.BYTES;
        Path entry = entries().getFirst();
        byte[] content = Files.readAllBytes(entry);
        Files.write(entry, Arrays.copyOf(content, 1000));
        assertRefused("The cached features " + entry + " hold 1000 bytes; expected " + whole
                + ". Delete the file and run again");
        Files.write(entry, new byte[3]);
        assertRefused("The cached features " + entry + " hold 3 bytes; expected 8. Delete the file and run again");
    }

    private void assertRefused(String message) {
        assertEquals(
                message, assertThrows(TrainingException.class, this::features).getMessage());
    }

    @Test
    void aRecordingThatCannotBeUsedLeavesNothingBehind() throws IOException {
        byte[] content = Files.readAllBytes(recording);
        Files.write(recording, Arrays.copyOf(content, content.length / 2));
        assertEquals(
                recording + ": truncated: 5.2 of 10.5 s",
                assertThrows(AudioException.class, this::features).getMessage());
        assertEquals(List.of(), entries());
    }

    @Test
    void aDiskThatCannotBeWrittenIsNoDefectOfOurs() throws IOException {
        Files.createFile(folder.resolve("cache"));
        String message = assertThrows(TrainingException.class, this::features).getMessage();
        assertEquals("The feature cache cannot hold " + recording + " in ", message.replaceFirst("(?s)( in ).*", "$1"));
    }
}
