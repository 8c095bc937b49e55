package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sound and what is none, in windows of 5 s. */
final class SoundMeterTest {
    private static final int RATE = 32_000;
    private static final SoundMeter METER = new SoundMeter(RATE);

    private static double soundSeconds(IntToDoubleFunction sample) {
        float[] samples = new float[5 * RATE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) sample.applyAsDouble(i);
        }
        return METER.soundSeconds(samples);
    }

    private static double decibels(double decibels) {
        return Math.pow(10, decibels / 20);
    }

    @Test
    void aClickIsAFrameOrTwo() {
        Random random = new Random(1);
        double click = soundSeconds(i -> i >= 1000 && i < 1160 ? random.nextGaussian() : 0);
        assertTrue(click >= 0.02 && click <= 0.04, "found " + click + " s");
    }

    @Test
    void offsetsAndStepsAreNone() {
        assertEquals(0, soundSeconds(i -> 1));
        assertEquals(0, soundSeconds(i -> 1e-3 * i / RATE));
        double step = soundSeconds(i -> i < 7777 ? 0.5 : 0);
        assertTrue(step <= 0.02, "found " + step + " s");
    }

    @ParameterizedTest
    @CsvSource({"5, 0", "50, 5", "100, 5", "1000, 5", "15000, 5"})
    void whatIsTooLowIsNone(double hertz, double expected) {
        assertEquals(expected, soundSeconds(i -> 0.5 * Math.sin(2 * Math.PI * hertz * i / RATE)));
    }

    @ParameterizedTest
    @CsvSource({"-100, 0", "-90, 0", "-80, 5", "-60, 5"})
    void noiseIsNoneBelowTheFloor(double level, double expected) {
        Random random = new Random(2);
        assertEquals(expected, soundSeconds(i -> decibels(level) * random.nextGaussian()));
    }

    // Rounding to 16 bits after triangular dither; and one step up or down at random.
    @Test
    void ditherIsNone() {
        Random random = new Random(3);
        assertEquals(0, soundSeconds(i -> triangular(random) / 32768));
        assertEquals(0, soundSeconds(i -> (random.nextBoolean() ? 1 : -1) / 32768.0));
    }

    private static double triangular(Random random) {
        double up = random.nextDouble();
        return Math.rint(up - random.nextDouble());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 2})
    void soundInSilenceIsAsLongAsItIs(double seconds) {
        double found = soundSeconds(i -> i < seconds * RATE ? 0.1 * Math.sin(0.4 * i) : 0);
        assertEquals(seconds, found, 0.02);
    }

    @Test
    void realRecordingsAreSoundThroughout() {
        for (String name : new String[] {
            "british-birds/Phylloscopus_sibilatrix/xc101862.flac",
            "british-birds/Cuculus_canorus/xc134671.flac",
            "soundscapes/birdnet-example/soundscape.mp3"
        }) {
            Path file = Sound.recording(name);
            try (Windows windows = Windows.of(AudioSource.of(file), WindowSpec.ofSeconds(RATE, 5, 0))) {
                windows.forEachRemaining(window -> {
                    double found = METER.soundSeconds(window.samples());
                    assertTrue(found >= 4.95, name + " at " + window.offsetSeconds() + " s: " + found + " s");
                });
            }
        }
    }

    @Test
    void whatIsShorterThanAFrameIsNotMeasured() {
        assertEquals(0, METER.soundSeconds(new float[0]));
        assertEquals(0, METER.soundSeconds(new float[] {1, -1, 1}));
        assertEquals(
                "sample rate is 999 Hz; at least 1000 Hz is expected",
                assertThrows(IllegalArgumentException.class, () -> new SoundMeter(999))
                        .getMessage());
    }
}
