package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every compressed format against the formula of the tones in it. */
final class CompressedTest {
    private static double error(float[] samples, double delaySeconds, int sampleRate) {
        double sum = 0;
        int from = sampleRate / 10;
        int to = sampleRate * 9 / 10;
        for (int i = from; i < to; i++) {
            double difference = samples[i] - Sound.tones((double) i / sampleRate - delaySeconds);
            sum += difference * difference;
        }
        return Math.sqrt(sum / (to - from));
    }

    // Formats that say how much of the first and last packets is the encoder's own are in place to the sample; raw AAC
    // and MP3 without a Xing header cannot, and the last packet of M4A and ADPCM is decoded to its end. Of WMA,
    // FFmpeg drops the first packet.
    @ParameterizedTest
    @CsvSource({
        "tones.flac,           16000, 16000, 0,    2e-5",
        "tones.flac,           32000, 32000, 0,    2e-5",
        "tones.mp3,            16000, 16000, 0,    2e-2",
        "tones-no-xing.mp3,    16000, 17280, 1105, 2e-2",
        "tones.ogg,            16000, 16000, 0,    2e-2",
        "tones.opus,           48000, 48000, 0,    5e-3",
        "tones.aac,            16000, 17408, 1024, 2e-2",
        "tones.m4a,            16000, 16384, 0,    1e-2",
        "tones-moov-first.m4a, 16000, 16384, 0,    1e-2",
        "tones-ima-adpcm.wav,  16000, 16328, 0,    2e-2",
        "tones-ms-adpcm.wav,   16000, 16288, 0,    2e-2",
        "tones.wma,            16000, 15872, -512, 2e-2",
        "tones.wv,             16000, 16000, 0,    2e-5",
        "tones.webm,           48000, 48000, 0,    5e-3",
        "cover.mp3,            16000, 16000, 0,    2e-2",
        "cover.m4a,            16000, 16384, 0,    1e-2",
        "two-tracks.m4a,       16000, 16384, 0,    1e-2",
    })
    void holdsItsTonesInPlace(String fixture, int sampleRate, int length, int delaySamples, double tolerance) {
        float[] samples = Sound.decode(Sound.fixture(fixture), sampleRate);
        assertEquals(length, samples.length);
        double error = error(samples, (double) delaySamples / sampleRate, sampleRate);
        assertTrue(error < tolerance, "error " + error);
    }

    @Test
    void contentDecidesNotTheName(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("flac-by-content.wav"), Sound.fixture("tones.flac"));
        assertArrayEquals(Sound.decode(Sound.fixture("tones.flac"), 16000), Sound.decode(AudioSource.of(file), 16000));
    }

    @Test
    void recordingsChainedInOneOggAreOne() throws Exception {
        ByteArrayOutputStream chained = new ByteArrayOutputStream();
        chained.write(Sound.fixture("tones.opus"));
        chained.write(Sound.fixture("tones.opus"));
        float[] samples = Sound.decode(chained.toByteArray(), 48000);
        assertEquals(96000, samples.length);
        assertTrue(error(samples, 0, 48000) < 0.05);
        assertTrue(error(Arrays.copyOfRange(samples, 48000, 96000), 0, 48000) < 0.05);
    }

    // Speech at 12.2 and 23.85 kbit/s: 50 frames of 20 ms, whatever is in them.
    @ParameterizedTest
    @CsvSource({"'#!AMR\n', 0x3C, 32, 8000", "'#!AMR-WB\n', 0x44, 61, 16000"})
    void amrIsDecoded(String magic, int frameHeader, int frameBytes, int sampleRate) throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(magic.getBytes(StandardCharsets.US_ASCII));
        Random random = new Random(1);
        for (int frame = 0; frame < 50; frame++) {
            byte[] bytes = new byte[frameBytes];
            random.nextBytes(bytes);
            bytes[0] = (byte) frameHeader;
            file.write(bytes);
        }
        assertEquals(sampleRate, Sound.decode(file.toByteArray(), sampleRate).length);
    }
}
