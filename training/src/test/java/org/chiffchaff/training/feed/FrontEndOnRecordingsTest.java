package org.chiffchaff.training.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.PcmStream;
import org.chiffchaff.models.FrontEndGolden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole way from a file in the field to features, decoder and front-end, against librosa's. */
class FrontEndOnRecordingsTest {
    private static final int NATIVE_RATE = 44_100;
    private static final int SAMPLES = 110_250;

    @ParameterizedTest
    @CsvSource({
        "recording-0.npy, british-birds/Phylloscopus_sibilatrix/xc101862.flac",
        "recording-1.npy, british-birds/Cuculus_canorus/xc134671.flac",
        "recording-2.npy, british-birds/Sylvia_atricapilla/xc94964.flac"
    })
    void equalsLibrosa(String golden, String recording) {
        Path file = Path.of(System.getProperty("chiffchaff.recordings", "")).resolve(recording);
        assumeTrue(Files.exists(file), () -> "no recording " + file + "; name their folder with -Drecordings=");
        FrontEndGolden.assertEqual(golden, everyOther(file));
    }

    // Samples 44100, 44102, ...: any resampler would do it in its own way, and it is not what is compared here.
    private static float[] everyOther(Path file) {
        float[] samples = new float[NATIVE_RATE + 2 * SAMPLES];
        try (PcmStream stream = PcmStream.open(AudioSource.of(file), NATIVE_RATE)) {
            int filled = 0;
            int count = 0;
            while (count >= 0 && filled < samples.length) {
                count = stream.read(samples, filled, samples.length - filled);
                filled += Math.max(count, 0);
            }
            assertEquals(samples.length, filled, file + " is too short");
        }
        float[] taken = new float[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            taken[i] = samples[NATIVE_RATE + 2 * i];
        }
        return taken;
    }
}
