package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The resampler against the formula of a sine, whose frequency, amplitude and phase no rate may change. */
final class ResamplingTest {
    private static final double AMPLITUDE = 0.5;

    private static float[] resample(int fromRate, int toRate, double hertz) {
        byte[] file =
                SoundFile.wave(Coding.FLOAT_32, fromRate, 1, 2 * fromRate, SoundFile.sine(hertz, AMPLITUDE, fromRate));
        return Sound.decode(file, toRate);
    }

    @ParameterizedTest(name = "{0} Hz to {1} Hz")
    @CsvSource({
        "8000, 32000", "11025, 32000", "16000, 48000", "22050, 48000", "24000, 22050", "32000, 16000", "44100, 32000",
        "44100, 48000", "48000, 32000", "48000, 22050", "96000, 24000", "192000, 32000", "44056, 32000", "32000, 32000"
    })
    void keepsASineInPlace(int fromRate, int toRate) {
        double hertz = 0.2 * Math.min(fromRate, toRate);
        float[] samples = resample(fromRate, toRate, hertz);
        assertEquals(2.0 * toRate, samples.length, 1);
        double worst = 0;
        // The filter reaches over the edges of the recording; within, the wave must be exact.
        for (int i = toRate / 10; i < samples.length - toRate / 10; i++) {
            double expected = AMPLITUDE * Math.sin(2 * Math.PI * hertz * i / toRate);
            worst = Math.max(worst, Math.abs(samples[i] - expected));
        }
        assertTrue(worst < 1e-6, "largest error " + worst);
    }

    // From 48 to 32 kHz: all up to 0.9 of the new half rate stays, and what would fold back is gone.
    @ParameterizedTest(name = "{0} Hz comes out between {1} dB and {2} dB")
    @CsvSource({
        "1000, -0.01, 0.01", "10000, -0.01, 0.01", "14000, -0.01, 0.01", "14500, -0.05, 0.01", "15200, -6.1, -5.9",
        "16200, -999, -110", "16500, -999, -110", "17000, -999, -110", "20000, -999, -110", "23000, -999, -110"
    })
    void passesWhatFitsAndStopsWhatDoesNot(double hertz, double lowest, double highest) {
        float[] samples = resample(48000, 32000, hertz);
        double folded = Math.min(hertz, 32000 - hertz);
        double amplitude = Sound.amplitude(samples, 3200, samples.length - 3200, folded, 32000);
        double gain = 20 * Math.log10(amplitude / AMPLITUDE);
        assertTrue(lowest <= gain && gain <= highest, "gain " + gain + " dB");
    }
}
