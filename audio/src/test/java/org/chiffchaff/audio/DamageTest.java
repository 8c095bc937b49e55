package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.chiffchaff.audio.Sound.Decoded;
import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings of which something is missing: what is there is decoded in its place, and all that is missing is told. */
final class DamageTest {
    private static byte[] sine(int seconds) {
        return SoundFile.wave(Coding.SIGNED_16, 8000, 1, 8000 * seconds, SoundFile.sine(440, 0.5, 8000));
    }

    private static byte[] cut(byte[] encoded, int bytes) {
        return Arrays.copyOf(encoded, encoded.length - bytes);
    }

    private static void assertBeginsAs(byte[] whole, float[] part) {
        float[] expected = Sound.decode(whole, 8000);
        assertArrayEquals(Arrays.copyOf(expected, part.length), part);
    }

    private static Condition whole(int sampleRate, int channels, double seconds) {
        return new Condition(sampleRate, channels, OptionalInt.empty(), seconds, seconds, 0, 0, 0, false);
    }

    @ParameterizedTest
    @CsvSource({"8000, 1, 8000", "44100, 2, 44101", "96000, 6, 1"})
    void aWholeRecordingTellsWhatItIsMadeOf(int sampleRate, int channels, int frames) {
        byte[] file = SoundFile.wave(Coding.SIGNED_16, sampleRate, channels, frames, frame -> 0.5);
        double seconds = Math.rint(1e6 * frames / sampleRate) / 1e6;
        Condition condition = Sound.read(file, sampleRate).condition();
        assertEquals(whole(sampleRate, channels, seconds), condition);
        assertEquals(List.of(), condition.remarks());
        assertEquals(1, condition.presentShare());
    }

    @Test
    void theConditionIsKnownAtTheEnd() {
        float[] buffer = new float[8000];
        try (PcmStream stream = PcmStream.open(AudioSource.of("clip", sine(1)), 8000)) {
            for (int read = 0; read < 8000; ) {
                read += stream.read(buffer, read, 8000 - read);
            }
            assertEquals(
                    "clip: its condition is known when it has been read to its end",
                    assertThrows(IllegalStateException.class, stream::condition).getMessage());
            assertEquals(-1, stream.read(buffer, 0, 8000));
            assertEquals(whole(8000, 1, 1), stream.condition());
        }
    }

    @Test
    void whatIsCutShortIsDecodedToTheLastSample() {
        Decoded wave = Sound.read(cut(sine(60), 16_001), 8000);
        assertEquals(59 * 8000 - 1, wave.samples().length);
        assertBeginsAs(sine(60), wave.samples());
        assertEquals(List.of("truncated: 59.0 of 60.0 s"), wave.condition().remarks());
        assertEquals(59.0 / 60, wave.condition().presentShare(), 1e-4);
        byte[] aiff = SoundFile.aiff(8000, 32_000, SoundFile.sine(440, 0.5, 8000));
        Decoded half = Sound.read(cut(aiff, 32_000), 8000);
        assertBeginsAs(aiff, half.samples());
        assertEquals(new Condition(8000, 1, OptionalInt.empty(), 2, 4, 0, 0, 0, false), half.condition());
    }

    // 27.5 ms, and the header of 44 bytes that some writers count as sound.
    @Test
    void aLittleIsMissingToo() {
        assertEquals(
                List.of("truncated: 0.973 of 1.000 s"),
                Sound.read(cut(sine(1), 440), 8000).condition().remarks());
        assertEquals(List.of(), Sound.read(cut(sine(1), 44), 8000).condition().remarks());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wave64", "caf"})
    void whatFfmpegDoesNotHoldAgainstTheHeader(String container) {
        byte[] file = container.equals("caf")
                ? SoundFile.caf(8000, 32_000, SoundFile.sine(440, 0.5, 8000))
                : SoundFile.wave64(8000, 32_000, SoundFile.sine(440, 0.5, 8000));
        assertEquals(whole(8000, 1, 4), Sound.read(file, 8000).condition());
        assertBeginsAs(sine(4), Sound.decode(file, 8000));
        Decoded half = Sound.read(cut(file, 32_000), 8000);
        assertEquals(new Condition(8000, 1, OptionalInt.empty(), 2, 4, 0, 0, 0, false), half.condition());
        assertBeginsAs(file, half.samples());
    }

    // The last packet is half there; of raw AAC it alone tells that something is missing.
    @ParameterizedTest
    @CsvSource({
        "tones.flac,           4000,  'truncated: 0.5 of 1.0 s'",
        "tones.mp3,            3300,  'truncated: 0.5 of 1.0 s'",
        "tones-moov-first.m4a, 3300,  'truncated: 0.4 of 1.0 s'",
        "tones-ima-adpcm.wav,  4000,  'truncated: 0.5 of 1.0 s'",
        "tones-ms-adpcm.wav,   4000,  'truncated: 0.5 of 1.0 s'",
        "tones.aac,            3000,  'truncated: 0.512 of 0.576 s'",
        "tones-no-xing.mp3,    3000,  ''",
    })
    void compressedRecordingsCutShort(String fixture, int bytes, String remark) {
        float[] whole = Sound.decode(Sound.fixture(fixture), 16000);
        Decoded part = Sound.read(cut(Sound.fixture(fixture), bytes), 16000);
        assertTrue(part.samples().length > 5000, part.condition().toString());
        float[] difference = Sound.difference(whole, part.samples());
        // The packet after the last would have overlapped with it.
        float[] within = Arrays.copyOf(difference, difference.length - 1300);
        assertEquals(0, Sound.rootMeanSquare(within), 1e-3);
        assertEquals(remark, String.join("; ", part.condition().remarks()));
    }

    private static byte[] damage(byte[] encoded, int places, int bytes) {
        byte[] damaged = encoded.clone();
        for (int place = 1; place <= places; place++) {
            int at = place * encoded.length / (places + 1);
            Arrays.fill(damaged, at, at + bytes, (byte) 0x55);
        }
        return damaged;
    }

    @Test
    void aFlippedBitIsTold() {
        byte[] flac = Sound.fixture("tones.flac");
        float[] whole = Sound.decode(flac, 16000);
        flac[12_700] ^= 1;
        Decoded flipped = Sound.read(flac, 16000);
        assertEquals(new Condition(16000, 1, OptionalInt.empty(), 1, 1, 0.144, 0.504, 0, false), flipped.condition());
        assertEquals(
                List.of("damaged: 0.144 s lost, the first at 0.5 s"),
                flipped.condition().remarks());
        assertEquals(whole.length, flipped.samples().length);
        // Frames of 1152 samples; here FFmpeg takes the one behind the broken one for a part of it.
        int from = 7 * 1152;
        int to = 9 * 1152;
        Arrays.fill(whole, from, to, 0);
        assertArrayEquals(whole, flipped.samples());
    }

    @ParameterizedTest
    @CsvSource({
        "tones.flac,           1, 'damaged: 0.072 s lost, the first at 0.0 s'",
        "tones-moov-first.m4a, 1, 'damaged: 0.064 s lost, the first at 0.4 s'",
        "tones-moov-first.m4a, 4, 'damaged: 0.256 s lost, the first at 0.0 s'",
    })
    void damagedPacketsBecomeSilenceAndTheRestKeepsItsPlace(String fixture, int places, String remark) {
        float[] whole = Sound.decode(Sound.fixture(fixture), 16000);
        Decoded damaged = Sound.read(damage(Sound.fixture(fixture), places, 50), 16000);
        assertEquals(whole.length, damaged.samples().length);
        float[] difference = Sound.difference(whole, damaged.samples());
        assertTrue(Sound.rootMeanSquare(difference) > 0.05);
        float[] rest = Arrays.copyOfRange(difference, whole.length * 95 / 100, whole.length);
        assertEquals(0, Sound.rootMeanSquare(rest), 1e-6);
        assertEquals(List.of(remark), damaged.condition().remarks());
    }

    // In a format that promises no length, the clock alone tells.
    @Test
    void aHoleInTheMiddleBecomesSilence() {
        byte[] level = Sound.fixture("level.ogg");
        for (byte[] middle : List.of(new byte[0], filled(100_000), filled(200))) {
            Decoded hole = Sound.read(replaceMiddle(level, middle), 8000);
            assertEquals(
                    List.of("damaged: 17.136 s lost, the first at 12.1 s"),
                    hole.condition().remarks());
            assertEquals(40 * 8000, hole.samples().length);
            for (int i = 0; i < hole.samples().length; i++) {
                boolean lost = i >= 12.096 * 8000 && i < (12.096 + 17.136) * 8000;
                assertEquals(lost ? 0 : 0.5F, hole.samples()[i], 1e-4F, "sample " + i);
            }
        }
    }

    private static byte[] filled(int bytes) {
        byte[] garbage = new byte[bytes];
        Arrays.fill(garbage, (byte) 0x55);
        return garbage;
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
    void remarksSayAllThatIsMissing() {
        Condition worst = new Condition(48000, 2, OptionalInt.empty(), 59, 60, 0.5, 12.3, 4000, true);
        assertEquals(
                List.of(
                        "truncated: 59.0 of 60.0 s",
                        "damaged: 0.500 s lost, the first at 12.3 s",
                        "damaged: its clock jumps ahead by 4000.0 s, and what follows is placed too early by that",
                        "damaged: nothing can be read beyond 59.0 s"),
                worst.remarks());
        assertEquals(58.5 / 4059, worst.presentShare());
    }

    @Test
    void conditionsAreCheckedAtBirth() {
        assertEquals(
                "recording has 0 Hz and 1 channels; at least 1 of each is expected",
                assertThrows(IllegalArgumentException.class, () -> whole(0, 1, 1))
                        .getMessage());
        assertEquals(
                "decoded are 2.0 s of 1.0 s, lost 0.0 s from 0.0 s on, unplaced 0.0 s; nothing below 0 s, and no part"
                        + " larger than its whole, is expected",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Condition(1, 1, OptionalInt.empty(), 2, 1, 0, 0, 0, false))
                        .getMessage());
    }
}
