package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real recordings, which lie outside the project. */
final class RealRecordingsTest {
    private static float[] soundscape(String extension) {
        Path file = Sound.recording("soundscapes/birdnet-example/soundscape." + extension);
        return Sound.decode(AudioSource.of(file), 48000);
    }

    // Error of a lossy copy against the lossless one, as a share of the sound itself.
    private static double relativeError(float[] lossless, float[] lossy) {
        assertEquals(lossless.length, lossy.length);
        return Sound.rootMeanSquare(Sound.difference(lossless, lossy)) / Sound.rootMeanSquare(lossless);
    }

    @Test
    void threeDecodersAgreeOnOneSoundscape() {
        float[] flac = soundscape("flac");
        assertEquals(120 * 48000, flac.length);
        double ogg = relativeError(flac, soundscape("ogg"));
        double mp3 = relativeError(flac, soundscape("mp3"));
        assertTrue(ogg < 0.1 && mp3 < 0.1, "relative error: Ogg " + ogg + ", MP3 " + mp3);
    }

    @Test
    void recordingsAreAsLongAsTheirCatalogueSays() throws Exception {
        Path folder = Sound.recording("british-birds");
        List<String> lines = Files.readAllLines(folder.resolve("labels.csv"));
        for (int i = 1; i < lines.size(); i += 12) {
            String[] columns = lines.get(i).split(",", -1);
            float[] samples = Sound.decode(AudioSource.of(folder.resolve(columns[0])), 32000);
            assertEquals(Double.parseDouble(columns[4]), samples.length / 32000.0, 0.1, columns[0]);
        }
    }
}
