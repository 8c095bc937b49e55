package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntToDoubleFunction;
import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WAVE and AIFF at their own rate: what was written comes out, sample by sample. */
final class UncompressedTest {
    private static final int FRAMES = 12_345;

    private static void assertHolds(IntToDoubleFunction expected, double tolerance, float[] samples) {
        assertEquals(FRAMES, samples.length);
        for (int i = 0; i < FRAMES; i++) {
            assertEquals(expected.applyAsDouble(i), samples[i], tolerance, "sample " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void everyCodingIsExact(Coding coding) {
        IntToDoubleFunction sine = SoundFile.sine(1000, 0.7, 44100);
        // Beside the coding's own step, a float has 24 bits.
        double tolerance = coding.step() + 1e-7;
        assertHolds(sine, tolerance, Sound.decode(SoundFile.wave(coding, 44100, 1, FRAMES, sine), 44100));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 8000, 11025, 22050, 32000, 96000, 192_000, 384_000, 1_000_000})
    void everyRateIsExact(int sampleRate) {
        IntToDoubleFunction sine = SoundFile.sine(sampleRate / 10.0, 0.7, sampleRate);
        byte[] file = SoundFile.wave(Coding.SIGNED_16, sampleRate, 1, FRAMES, sine);
        assertHolds(sine, Coding.SIGNED_16.step(), Sound.decode(file, sampleRate));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 8, 16, 24, 32, 64})
    void channelsAreMixedByTheirMean(int channels) {
        // Each channel at a level of its own, the last one upside down and at another frequency.
        byte[] file = SoundFile.wave(
                Coding.FLOAT_32,
                48000,
                channels,
                FRAMES,
                (frame, channel) -> channel == channels - 1
                        ? -0.5 * Math.sin(0.13 * frame)
                        : 0.1 * (channel + 1) * Math.sin(0.1 * frame));
        double sum = 0.1 * channels * (channels - 1) / 2;
        assertHolds(
                frame -> (sum * Math.sin(0.1 * frame) - 0.5 * Math.sin(0.13 * frame)) / channels,
                2e-6,
                Sound.decode(file, 48000));
    }

    @ParameterizedTest
    @CsvSource({"999, 1", "1000001, 1", "100000000, 1", "8000, 65"})
    void ratesAndChannelsBeyondTheLimitsAreAnError(int sampleRate, int channels) {
        byte[] file = SoundFile.wave(Coding.SIGNED_16, sampleRate, channels, 8000, frame -> 0.5);
        AudioException error = assertThrows(AudioException.class, () -> Sound.decode(file, 32000));
        assertEquals(
                "clip: its sound has " + sampleRate + " Hz and " + channels
                        + " channels; 1000 to 1000000 Hz and at most 64 channels are expected",
                error.getMessage());
    }

    @Test
    void aMonoRecordingThatCallsItselfFrontLeftKeepsItsLevel() {
        IntToDoubleFunction sine = SoundFile.sine(440, 0.7, 16000);
        byte[] plain = SoundFile.wave(Coding.SIGNED_16, 16000, 1, FRAMES, sine);
        // WAVE_FORMAT_EXTENSIBLE: 16-byte header, then size 22, valid bits, speaker mask, and the PCM identifier.
        ByteBuffer file = ByteBuffer.allocate(plain.length + 24).order(ByteOrder.LITTLE_ENDIAN);
        file.put(plain, 0, 36).putInt(16, 40).putShort(20, (short) 0xFFFE);
        file.putShort((short) 22).putShort((short) 16).putInt(1).putShort((short) 1);
        file.put(new byte[] {0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xAA, 0, 0x38, (byte) 0x9B, 0x71});
        file.put(plain, 36, plain.length - 36);
        assertHolds(sine, Coding.SIGNED_16.step(), Sound.decode(file.array(), 16000));
    }

    @Test
    void aiffIsExact() {
        IntToDoubleFunction sine = SoundFile.sine(440, 0.7, 22050);
        assertHolds(sine, Coding.SIGNED_16.step(), Sound.decode(SoundFile.aiff(22050, FRAMES, sine), 22050));
    }

    @Test
    void fileAndBytesGiveTheSameSamples(@TempDir Path folder) throws Exception {
        byte[] encoded = SoundFile.wave(Coding.SIGNED_24, 44100, 2, FRAMES, SoundFile.sine(440, 0.7, 44100));
        // The name is no more than a name, even where FFmpeg would read a protocol into it.
        Path file = Files.write(folder.resolve("concat:one|two.flac"), encoded);
        assertArrayEquals(Sound.decode(encoded, 32000), Sound.decode(AudioSource.of(file), 32000));
    }

    // FFmpeg, SoX and arecord write these when they write into a pipe and cannot go back.
    @ParameterizedTest
    @ValueSource(longs = {0, 0xFFFFFFFFL, 0xFFFFFFFFL - 36, 0x7FFFFFFFL, 0x80000000L, 0x7FFFF000L})
    void aPlaceholderForTheLengthMeansToTheEnd(long dataBytes) {
        IntToDoubleFunction sine = SoundFile.sine(440, 0.7, 16000);
        byte[] file = SoundFile.wave(Coding.SIGNED_16, 16000, 1, FRAMES, sine);
        ByteBuffer.wrap(file).put(0, SoundFile.waveHeader(Coding.SIGNED_16, 16000, 1, dataBytes), 0, 44);
        assertHolds(sine, Coding.SIGNED_16.step(), Sound.decode(file, 16000));
    }

    @Test
    void bytesPerSecondAreNotBelieved() {
        IntToDoubleFunction sine = SoundFile.sine(440, 0.7, 16000);
        byte[] file = SoundFile.wave(Coding.SIGNED_16, 16000, 1, FRAMES, sine);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(28, 16000);
        assertHolds(sine, Coding.SIGNED_16.step(), Sound.decode(file, 16000));
    }

    @Test
    void readHandsOutNoMoreThanAskedFor() {
        byte[] file = SoundFile.wave(Coding.FLOAT_32, 8000, 1, 1000, frame -> frame / 1000.0);
        float[] buffer = {-1, -1, -1, -1};
        PcmStream stream = PcmStream.open(AudioSource.of("ramp", file), 8000);
        try (stream) {
            assertEquals(8000, stream.sampleRate());
            assertEquals(0, stream.read(buffer, 0, 0));
            assertEquals(2, stream.read(buffer, 1, 2));
            assertArrayEquals(new float[] {-1, 0, 0.001f, -1}, buffer);
            assertThrows(IndexOutOfBoundsException.class, () -> stream.read(buffer, 3, 2));
        }
        assertThrows(IllegalStateException.class, () -> stream.read(buffer, 0, 1));
        stream.close();
    }
}
