package org.chiffchaff.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.PcmStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordingFormatTest {
    private static final int SAMPLE_RATE = 22_050;

    /** Encoded in this process, so that it works wherever the decoder does. */
    @ParameterizedTest
    @EnumSource
    void aRecordingIsWhatItSays(RecordingFormat format) {
        byte[] encoded = format.recording(2);
        double samples = 0;
        double energy = 0;
        float[] block = new float[1000];
        try (PcmStream stream = PcmStream.open(AudioSource.of(format.toString(), encoded), SAMPLE_RATE)) {
            for (int count = stream.read(block, 0, block.length); count >= 0; ) {
                samples += count;
                for (int i = 0; i < count; i++) {
                    energy += block[i] * block[i];
                }
                count = stream.read(block, 0, block.length);
            }
        }
        // Lossy formats may add a frame at the end.
        assertEquals(2 * SAMPLE_RATE, samples, SAMPLE_RATE / 10.0);
        // The noise's variance is 0.03^2 / (1 - 0.9^2), of which little lies above 11 kHz.
        double expected = 0.03 * 0.03 / (1 - 0.9 * 0.9);
        assertEquals(expected, energy / samples, 0.2 * expected);
    }
}
