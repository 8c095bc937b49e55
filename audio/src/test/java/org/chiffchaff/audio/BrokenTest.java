package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that can be wrong with a recording, and the whole message that says so. */
final class BrokenTest {
    private static final String NO_FORMAT =
            "its content is no audio format that FFmpeg knows; WAV, FLAC, MP3, Ogg, Opus,"
                    + " M4A, AAC, AIFF, Wave64, CAF, AU, AMR, 3GP, WebM, WavPack or WMA is expected";

    private static byte[] sine(int seconds) {
        return SoundFile.wave(Coding.SIGNED_16, 8000, 1, 8000 * seconds, SoundFile.sine(440, 0.5, 8000));
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
    void whatHasACodingThatIsNotKnown() {
        byte[] unknown = sine(1);
        unknown[20] = 0x77;
        unknown[21] = 0x77;
        int open = FfmpegContainer.openCount();
        assertRefused("its sound has a coding that FFmpeg does not know", unknown);
        assertEquals(open, FfmpegContainer.openCount());
    }

    // FFmpeg could: ATRAC3 is a coding of music disks.
    @Test
    void whatHasACodingThatNoRecorderWrites() {
        byte[] music = sine(1);
        music[20] = 0x70;
        music[21] = 0x02;
        assertRefused("its sound is coded as atrac3, which is not decoded here", music);
    }

    @Test
    void scriptsThatWouldOpenOtherFiles() {
        assertRefused(
                "its content looks like Virtual concatenation script; WAV, FLAC, MP3, Ogg, Opus, M4A, AAC, AIFF, Wave64, CAF, AU, AMR, 3GP, WebM, WavPack or WMA is"
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
    void silenceAndNothing() {
        String silent = "holds only silence (no sample above -96 dBFS)";
        assertRefused(silent, SoundFile.wave(Coding.UNSIGNED_8, 8000, 1, 8000, frame -> 0));
        assertRefused(silent, SoundFile.wave(Coding.FLOAT_32, 8000, 2, 8000, frame -> 1.5e-5));
        assertEquals(8000, Sound.decode(SoundFile.wave(Coding.FLOAT_32, 8000, 1, 8000, frame -> 1.6e-5), 8000).length);
        assertRefused("holds no samples", SoundFile.wave(Coding.SIGNED_16, 8000, 1, 0, frame -> 0));
    }

    // Of these, half holds nothing that could be decoded.
    @ParameterizedTest
    @CsvSource({
        "tones.flac, 'holds no samples, though its header promises 1.000 s'",
        "tones.m4a,  'begins as QuickTime / MOV, but its header is damaged or cut short (FFmpeg: Invalid data"
                + " found when processing input)'",
        "tones.ogg,  'begins as Ogg, but its header is damaged or cut short (FFmpeg: End of file)'",
    })
    void headersWithoutSound(String fixture, String reason) {
        assertRefused(reason, Sound.half(Sound.fixture(fixture)));
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
        byte[] silent = SoundFile.wave(Coding.SIGNED_16, 8000, 1, 8000, frame -> 0);
        float[] buffer = new float[100_000];
        try (PcmStream stream = PcmStream.open(AudioSource.of("clip", silent), 8000)) {
            for (int read = 0; read < 8000; ) {
                read += stream.read(buffer, read, buffer.length - read);
            }
            assertThrows(AudioException.class, () -> stream.read(buffer, 0, buffer.length));
            assertThrows(AudioException.class, () -> stream.read(buffer, 0, buffer.length));
        }
    }
}
