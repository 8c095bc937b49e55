package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where windows begin, and that each holds the recording from there. Samples are a ramp: each tells its place. */
final class WindowsTest {
    private static final int RATE = 1000;

    private static AudioSource ramp(int samples) {
        return AudioSource.of("ramp", SoundFile.wave(Coding.FLOAT_32, RATE, 1, samples, WindowsTest::sampleAt));
    }

    private static double sampleAt(int index) {
        return (index + 1) / 10_000.0;
    }

    private static List<Window> windows(int samples, WindowSpec spec) {
        List<Window> found = new ArrayList<>();
        try (Windows windows = Windows.of(ramp(samples), spec)) {
            windows.forEachRemaining(found::add);
            assertEquals(samples / (double) RATE, windows.decodedSeconds());
            assertFalse(windows.hasNext());
            NoSuchElementException error = assertThrows(NoSuchElementException.class, windows::next);
            assertEquals("no window after " + samples / (double) RATE + " s", error.getMessage());
        }
        return found;
    }

    // Windows of 3 s; the offsets where they must begin, in seconds.
    @ParameterizedTest(name = "{0} samples, overlap {1} s: {2}")
    @CsvSource({
        "    1, 0,    0",
        " 2999, 0,    0",
        " 3000, 0,    0",
        " 3499, 0,    0",
        " 3500, 0,    0 0.5",
        " 5999, 0,    0 2.999",
        " 6000, 0,    0 3",
        " 6499, 0,    0 3",
        "10000, 0,    0 3 6 7",
        " 6000, 1.5,  0 1.5 3",
        " 6700, 1.5,  0 1.5 3 3.7",
        " 3300, 2.75, 0 0.25",
        " 3200, 2.75, 0",
    })
    void beginEveryHopAndEndWithTheRecording(int samples, double overlapSeconds, String offsets) {
        double[] expected = Arrays.stream(offsets.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        List<Window> windows = windows(samples, WindowSpec.ofSeconds(RATE, 3, overlapSeconds));
        assertArrayEquals(
                expected, windows.stream().mapToDouble(Window::offsetSeconds).toArray());
        for (Window window : windows) {
            int start = (int) Math.round(window.offsetSeconds() * RATE);
            assertEquals(3000, window.samples().length);
            for (int i = 0; i < 3000; i++) {
                double sample = start + i < samples ? sampleAt(start + i) : 0;
                assertEquals((float) sample, window.samples()[i]);
            }
        }
    }

    @Test
    void aWindowIsItsReceiversToChange() {
        try (Windows windows = Windows.of(ramp(6000), WindowSpec.ofSeconds(RATE, 3, 1.5))) {
            Arrays.fill(windows.next().samples(), 0);
            assertEquals((float) sampleAt(1500), windows.next().samples()[0]);
        }
    }

    @Test
    void coverWhatIsThereOfARecordingCutShort() {
        byte[] whole = SoundFile.wave(Coding.FLOAT_32, RATE, 1, 10_000, WindowsTest::sampleAt);
        byte[] cut = Arrays.copyOf(whole, 44 + 4 * 7000);
        try (Windows windows = Windows.of(AudioSource.of("ramp", cut), WindowSpec.ofSeconds(RATE, 3, 0))) {
            List<Double> offsets = new ArrayList<>();
            windows.forEachRemaining(window -> offsets.add(window.offsetSeconds()));
            assertEquals(List.of(0.0, 3.0, 4.0), offsets);
            assertEquals(7, windows.decodedSeconds());
            assertEquals(
                    List.of("truncated: 7.0 of 10.0 s"), windows.condition().remarks());
        }
    }

    @Test
    void specsAreCheckedAtBirth() {
        WindowSpec spec = WindowSpec.ofSeconds(32000, 5, 1);
        assertEquals(new WindowSpec(32000, 160_000, 128_000), spec);
        assertEquals(5, spec.windowSeconds());
        assertRefused("sample rate is 0 Hz; at least 1 Hz is expected", 0, 1, 1);
        assertRefused("window is 0 samples long; at least 1 sample is expected", 1, 0, 0);
        assertRefused("hop is 0 samples long; 1 to 5 samples, the length of a window, are expected", 1, 5, 0);
        assertRefused("hop is 6 samples long; 1 to 5 samples, the length of a window, are expected", 1, 5, 6);
    }

    private static void assertRefused(String message, int sampleRate, int windowSamples, int hopSamples) {
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class, () -> new WindowSpec(sampleRate, windowSamples, hopSamples));
        assertEquals(message, error.getMessage());
    }
}
