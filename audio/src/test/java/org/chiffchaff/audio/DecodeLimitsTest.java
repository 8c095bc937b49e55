package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small recordings that would cost much: what is bounded, and what the error says. */
final class DecodeLimitsTest {
    private static final WindowSpec SPEC = WindowSpec.ofSeconds(16_000, 5, 0);

    private static DecodeLimits seconds(double most) {
        return new DecodeLimits(most, () -> false);
    }

    private static double decode(byte[] encoded, DecodeLimits limits) {
        try (Windows windows = Windows.of(AudioSource.of("clip", encoded), SPEC, Channel.MIX, limits)) {
            windows.forEachRemaining(window -> {});
            return windows.decodedSeconds();
        }
    }

    private static void assertRefused(String message, byte[] encoded, DecodeLimits limits) {
        AudioException error = assertThrows(AudioException.class, () -> decode(encoded, limits));
        assertEquals("clip: " + message, error.getMessage());
    }

    // 50 frames of 65.5 s.
    private static byte[] longLevel() {
        FlacFile file = new FlacFile(1000, 1);
        for (int frame = 0; frame < 50; frame++) {
            file.add(1000, 65_535, 8000);
        }
        return file.toBytes();
    }

    @Test
    void soundBeyondTheLimitIsRefused() {
        byte[] flac = longLevel();
        assertTrue(flac.length < 1000, flac.length + " bytes");
        assertEquals(50 * 65.535, decode(flac, seconds(50 * 65.535)), 1e-3);
        assertRefused(
                "holds more than 3276.000 s of sound, the most that is decoded of one recording", flac, seconds(3276));
        assertEquals(50 * 65.535, decode(flac, DecodeLimits.WEEK), 1e-3);
    }

    // Each frame becomes two million samples.
    @Test
    void longFramesAreHeardWhole() {
        float[] samples = Sound.decode(longLevel(), 32_000);
        assertEquals(50 * 65_535 * 32, samples.length);
        for (int i = 32_000; i < samples.length - 32_000; i++) {
            assertEquals(8000 / 32_768.0F, samples[i], 1e-6F);
        }
    }

    @Test
    void framesLongerThanAnyEncoderMakesAreRefused() {
        byte[] wave = SoundFile.wave(Coding.SIGNED_16, 8000, 1, 140_000, frame -> 0.5);
        byte[] file = HostileFile.matroskaSound("A_PCM/INT/LIT", Arrays.copyOfRange(wave, 44, wave.length));
        assertRefused("has a frame of 140000 samples; at most 131072 are expected", file, seconds(60));
    }

    @ParameterizedTest
    @CsvSource({"8000", "11025", "44100"})
    void soundAsLongAsTheLimitIsTaken(int sampleRate) {
        byte[] wave = SoundFile.wave(Coding.SIGNED_16, sampleRate, 1, 7 * sampleRate, frame -> 0.5);
        assertEquals(7, decode(wave, seconds(7)), 1e-3);
        assertRefused(
                "holds more than 6.990 s of sound, the most that is decoded of one recording", wave, seconds(6.99));
    }

    private static byte[] changing(int frames, int... sampleRates) {
        FlacFile file = new FlacFile(sampleRates[0], 1);
        for (int frame = 0; frame < frames; frame++) {
            file.add(sampleRates[frame % sampleRates.length], 1600, 8000);
        }
        return file.toBytes();
    }

    @Test
    void aFewChangesOfFormatAreFollowed() {
        // FFmpeg's parser takes the last frame of such a file for two.
        assertEquals(6 * 0.2 + 6 * 0.1, decode(changing(12, 8000, 16_000), seconds(60)), 0.21);
    }

    @Test
    void aFormatThatChangesAllTheTimeIsRefused() {
        assertRefused(
                "its sound changes its format more than 16 times, the last time from 8000 Hz, 1 channel, s16 to"
                        + " 16001 Hz, 1 channel, s16; one format throughout is expected",
                changing(1000, 8000, 16_001),
                seconds(60));
    }

    // Far fewer frames than make a window, so that it stops between frames or not at all.
    @Test
    void cancellationIsHeardBetweenFrames() {
        FlacFile file = new FlacFile(16_000, 1);
        for (int frame = 0; frame < 1000; frame++) {
            file.add(16_000, 16, 8000);
        }
        AtomicInteger asked = new AtomicInteger();
        DecodeLimits limits = new DecodeLimits(60, () -> asked.incrementAndGet() > 500);
        CancellationException error = assertThrows(CancellationException.class, () -> decode(file.toBytes(), limits));
        assertEquals("clip: decoding was cancelled", error.getMessage());
        assertEquals(502, asked.get(), 1);
    }

    // A chunk of a WAVE file is looked at for tags, then for the promise of its sound.
    @ParameterizedTest
    @CsvSource({"mp4, 500", "wav, 500", "wav, 1500"})
    void cancellationIsHeardBetweenHeaders(String form, int askedBefore) {
        byte[][] empty = new byte[1000][];
        Arrays.fill(empty, form.equals("mp4") ? HostileFile.box("free") : HostileFile.ints("junk", 0));
        byte[] start = form.equals("mp4")
                ? HostileFile.box("ftyp", HostileFile.ints("M4A ", 0))
                : HostileFile.ints("RIFF", 0, "WAVE");
        AtomicInteger asked = new AtomicInteger();
        DecodeLimits limits = new DecodeLimits(60, () -> asked.incrementAndGet() > askedBefore);
        byte[] file = HostileFile.join(start, HostileFile.join(empty));
        assertThrows(CancellationException.class, () -> decode(file, limits));
        assertEquals(askedBefore + 1, asked.get());
    }

    @Test
    void whatIsCancelledIsNotOpened() {
        int open = FfmpegContainer.openCount();
        DecodeLimits limits = new DecodeLimits(60, () -> true);
        assertThrows(CancellationException.class, () -> decode(longLevel(), limits));
        assertEquals(open, FfmpegContainer.openCount());
    }

    @Test
    void limitsAreCheckedAtBirth() {
        assertEquals(
                "limit of decoded sound is 0.0 s; more than 0 s is expected",
                assertThrows(IllegalArgumentException.class, () -> seconds(0)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> seconds(Double.NaN));
        assertThrows(NullPointerException.class, () -> new DecodeLimits(1, null));
    }
}
