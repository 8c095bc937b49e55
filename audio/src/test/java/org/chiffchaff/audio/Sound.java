package org.chiffchaff.audio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** What the tests decode, and what they measure in it. */
final class Sound {
    private Sound() {}

    /** All samples of a recording, and what it turned out to be. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Decoded(float[] samples, Condition condition) {}

    /** All samples of a source. */
    static float[] decode(AudioSource source, int sampleRate) {
        return read(source, sampleRate).samples();
    }

    static Decoded read(byte[] encoded, int sampleRate) {
        return read(AudioSource.of("clip", encoded), sampleRate);
    }

    static Decoded read(AudioSource source, int sampleRate) {
        try (PcmStream stream = PcmStream.open(source, sampleRate)) {
            float[] samples = new float[1 << 14];
            int length = 0;
            int count;
            while ((count = stream.read(samples, length, samples.length - length)) >= 0) {
                length += count;
                samples = length == samples.length ? Arrays.copyOf(samples, 2 * length) : samples;
            }
            return new Decoded(Arrays.copyOf(samples, length), stream.condition());
        }
    }

    static float[] decode(byte[] encoded, int sampleRate) {
        return decode(AudioSource.of("clip", encoded), sampleRate);
    }

    /** A committed recording, made by tools/golden/audio-fixtures.sh. */
    static byte[] fixture(String name) {
        try (InputStream stream = Sound.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] half(byte[] encoded) {
        return Arrays.copyOf(encoded, encoded.length / 2);
    }

    /** What every fixture holds, at a time in seconds. */
    static double tones(double seconds) {
        return 0.4 * Math.sin(2 * Math.PI * 1000 * seconds) + 0.2 * Math.sin(2 * Math.PI * 1730 * seconds);
    }

    /** A real recording; skips the test where the recordings are not there. */
    static Path recording(String path) {
        Path folder = Path.of(System.getProperty("chiffchaff.recordings", ""));
        Path file = folder.resolve(path);
        Assumptions.assumeTrue(
                Files.exists(file), () -> "no recording " + file + "; set -Drecordings=FOLDER to test with real ones");
        return file;
    }

    /** The amplitude of one frequency between two samples, by projection on a Hann-windowed wave. */
    static double amplitude(float[] samples, int from, int to, double hertz, int sampleRate) {
        double real = 0;
        double imaginary = 0;
        double weights = 0;
        for (int i = from; i < to; i++) {
            double weight = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i - from + 0.5) / (to - from));
            double phase = 2 * Math.PI * hertz * i / sampleRate;
            real += weight * samples[i] * Math.cos(phase);
            imaginary += weight * samples[i] * Math.sin(phase);
            weights += weight;
        }
        return 2 * Math.hypot(real, imaginary) / weights;
    }

    static double rootMeanSquare(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / samples.length);
    }

    static float[] difference(float[] left, float[] right) {
        float[] difference = new float[Math.min(left.length, right.length)];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = left[i] - right[i];
        }
        return difference;
    }
}
