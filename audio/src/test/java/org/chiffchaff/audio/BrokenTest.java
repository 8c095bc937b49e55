package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that can be wrong with a recording, and the whole message that says so. */
final class BrokenTest {
    private static final String NO_FORMAT =
            "its content is no audio format that FFmpeg knows; WAV, FLAC, MP3, Ogg, Opus,"
                    + " M4A, AAC or AIFF is expected";

    private static byte[] sine(int seconds) {
        return SoundFile.wave(Coding.SIGNED_16, 8000, 1, 8000 * seconds, SoundFile.sine(440, 0.5, 8000));
    }

    private static byte[] half(byte[] encoded) {
        return Arrays.copyOf(encoded, encoded.length / 2);
    }

    private static void assertRefused(String reason, byte[] encoded) {
        AudioException error = assertThrows(AudioException.class, () -> Sound.decode(encoded, 16000));
        assertEquals("clip: " + reason, error.getMessage());
        assertEquals("clip", error.name());
        assertEquals(reason, error.reason());
    }

    private static void assertRefused(String reason, Path file) {
        AudioException error = assertThrows(AudioException.class, () -> PcmStream.open(AudioSource.of(file), 16000));
        assertEquals(file + ": " + reason, error.getMessage());
    }

    @Test
    void whatIsNoFileWithSomethingInIt(@TempDir Path folder) throws Exception {
        assertRefused("there is no such file", folder.resolve("nightjar.wav"));
        assertRefused("is a folder; a recording is expected", folder);
        Path empty = Files.createFile(folder.resolve("empty.wav"));
        assertRefused("is empty (0 bytes); a recording is expected", empty);
        assertRefused("is empty (0 bytes); a recording is expected", new byte[0]);
    }

    @Test
    void whatIsNoAudio() {
        assertRefused(
                NO_FORMAT,
                "Turdus merula sang from the roof until nine.\n".repeat(99).getBytes(StandardCharsets.UTF_8));
        assertRefused(NO_FORMAT, "R".getBytes(StandardCharsets.UTF_8));
        assertRefused(NO_FORMAT, new byte[5000]);
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        assertRefused(NO_FORMAT, noise);
    }

    @Test
    void scriptsThatWouldOpenOtherFiles() {
        assertRefused(
                "its content looks like Virtual concatenation script; WAV, FLAC, MP3, Ogg, Opus, M4A, AAC or AIFF is"
                        + " expected",
                "ffconcat version 1.0\nfile /etc/hostname\n".getBytes(StandardCharsets.UTF_8));
        assertRefused(
                NO_FORMAT,
                "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFilmWithoutSound() {
        assertRefused("holds no audio stream (QuickTime / MOV, other streams: 1)", Sound.fixture("picture-only.mp4"));
    }

    @Test
    void headersThatPromiseMoreThanThereIs() {
        assertRefused("is cut short: its header promises 4.000 s, found are 1.999 s", half(sine(4)));
        assertRefused(
                "is cut short: its header promises 4.000 s, found are 1.998 s",
                half(SoundFile.aiff(8000, 32000, SoundFile.sine(440, 0.5, 8000))));
    }

    @ParameterizedTest
    @CsvSource({
        "tones.flac,           'is cut short: its header promises 1.000 s, found are 0.000 s'",
        "tones.mp3,            'is cut short: its header promises 1.000 s, found are 0.471 s'",
        "tones-moov-first.m4a, 'is cut short: its header promises 1.000 s, found are 0.384 s'",
        "tones-ima-adpcm.wav,  'is cut short: its header promises 1.020 s, found are 0.506 s'",
        "tones-ms-adpcm.wav,   'is cut short: its header promises 1.018 s, found are 0.503 s'",
        "tones.m4a,            'begins as QuickTime / MOV, but its header is damaged or cut short (FFmpeg: Invalid data"
                + " found when processing input)'",
        "tones.ogg,            'begins as Ogg, but its header is damaged or cut short (FFmpeg: End of file)'",
    })
    void compressedRecordingsCutInHalf(String fixture, String reason) {
        assertRefused(reason, half(Sound.fixture(fixture)));
    }

    // Nothing in these says how long they should be.
    @ParameterizedTest
    @ValueSource(strings = {"tones.aac", "tones-no-xing.mp3"})
    void halfOfWhatPromisesNothingIsARecording(String fixture) {
        float[] whole = Sound.decode(Sound.fixture(fixture), 16000);
        float[] half = Sound.decode(half(Sound.fixture(fixture)), 16000);
        assertEquals(0.5, (double) half.length / whole.length, 0.04);
        assertTrue(Sound.rootMeanSquare(Sound.difference(half, whole)) < 1e-3);
    }

    private static byte[] damage(byte[] encoded, int places) {
        byte[] damaged = encoded.clone();
        for (int place = 1; place <= places; place++) {
            int at = place * encoded.length / (places + 1);
            Arrays.fill(damaged, at, at + 50, (byte) 0x55);
        }
        return damaged;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tones.flac", "tones-moov-first.m4a"})
    void aDamagedPacketBecomesSilenceAndTheRestKeepsItsPlace(String fixture) {
        float[] whole = Sound.decode(Sound.fixture(fixture), 16000);
        float[] damaged = Sound.decode(damage(Sound.fixture(fixture), 1), 16000);
        assertEquals(whole.length, damaged.length);
        float[] difference = Sound.difference(whole, damaged);
        assertTrue(Sound.rootMeanSquare(difference) > 0.05);
        float[] rest = Arrays.copyOfRange(difference, whole.length * 7 / 10, whole.length);
        assertEquals(0, Sound.rootMeanSquare(rest), 1e-6);
    }

    @Test
    void muchDamageIsAnError() {
        assertRefused(
                "is damaged: 0.256 s of 1.024 s cannot be decoded, the first at 0.000 s; 0.100 s are tolerated",
                damage(Sound.fixture("tones-moov-first.m4a"), 4));
    }

    // In a format that promises no length, the clock alone tells.
    @Test
    void aLongHoleIsNoShorterRecording() {
        byte[] level = Sound.fixture("level.ogg");
        byte[] hole = replaceMiddle(level, new byte[0]);
        assertRefused("is damaged: 17.136 s are missing at 12.096 s; gaps of at most 10.000 s can be closed", hole);
        byte[] garbage = new byte[100_000];
        Arrays.fill(garbage, (byte) 0x55);
        assertRefused(
                "is damaged: nothing can be read beyond 11.088 s (FFmpeg: Invalid data found when processing input)",
                replaceMiddle(level, garbage));
    }

    private static byte[] replaceMiddle(byte[] encoded, byte[] middle) {
        int from = encoded.length * 3 / 10;
        int to = encoded.length * 7 / 10;
        return ByteBuffer.allocate(from + middle.length + encoded.length - to)
                .put(encoded, 0, from)
                .put(middle)
                .put(encoded, to, encoded.length - to)
                .array();
    }

    @Test
    void silenceAndNothing() {
        String silent = "holds only silence (no sample above -96 dBFS)";
        assertRefused(silent, SoundFile.wave(Coding.UNSIGNED_8, 8000, 1, 8000, frame -> 0));
        assertRefused(silent, SoundFile.wave(Coding.FLOAT_32, 8000, 2, 8000, frame -> 1.5e-5));
        assertEquals(8000, Sound.decode(SoundFile.wave(Coding.FLOAT_32, 8000, 1, 8000, frame -> 1.6e-5), 8000).length);
        assertRefused("holds no samples", SoundFile.wave(Coding.SIGNED_16, 8000, 1, 0, frame -> 0));
    }

    @ParameterizedTest
    @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity", "32767, 32767.0"})
    void samplesThatAreNoSound(double value, String shown) {
        byte[] file = SoundFile.wave(Coding.FLOAT_32, 16000, 1, 16000, frame -> frame == 8000 ? value : 0.1);
        assertRefused("sample " + shown + " at 0.500 s; finite samples of full scale 1.0 are expected", file);
    }

    @Test
    void aRateNobodyCanMean() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> PcmStream.open(AudioSource.of("clip", sine(1)), 0));
        assertEquals("sample rate is 0 Hz; at least 1 Hz is expected", error.getMessage());
    }

    @Test
    void anErrorAtTheEndStaysAnError() {
        float[] buffer = new float[100_000];
        try (PcmStream stream = PcmStream.open(AudioSource.of("clip", half(sine(2))), 8000)) {
            while (stream.sampleRate() > 0) {
                try {
                    stream.read(buffer, 0, buffer.length);
                } catch (AudioException e) {
                    break;
                }
            }
            assertThrows(AudioException.class, () -> stream.read(buffer, 0, buffer.length));
        }
    }
}
