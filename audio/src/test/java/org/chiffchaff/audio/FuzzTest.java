package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged files of every format end: as sound, or in an error of ours. A crash of the decoder would end this process, and
 * the timeout is for what never ends.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FuzzTest {
    private static final int SEEDS = 40;
    private static final DecodeLimits LIMITS = new DecodeLimits(600, () -> false);

    private static void decodeDamaged(byte[] file) {
        int open = FfmpegContainer.openCount();
        for (int seed = 0; seed < SEEDS; seed++) {
            try (PcmStream stream =
                    PcmStream.open(AudioSource.of("clip", Mutation.of(file, seed)), 16_000, Channel.MIX, LIMITS)) {
                float[] samples = new float[1 << 14];
                while (stream.read(samples, 0, samples.length) >= 0) {}
                assertTrue(stream.condition().presentShare() > 0, "seed " + seed);
            } catch (AudioException e) {
                assertEquals("clip: " + e.reason(), e.getMessage(), "seed " + seed);
            }
        }
        assertEquals(open, FfmpegContainer.openCount());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tones.flac",
                "tones.mp3",
                "tones-no-xing.mp3",
                "tones.ogg",
                "tones.opus",
                "tones.aac",
                "tones.m4a",
                "tones-moov-first.m4a",
                "tones.wma",
                "tones.wv",
                "tones.webm",
                "tones-ima-adpcm.wav",
                "tones-ms-adpcm.wav",
                "cover.mp3",
                "cover.m4a",
                "two-tracks.m4a",
                "picture-only.mp4"
            })
    void compressed(String fixture) {
        decodeDamaged(Sound.fixture(fixture));
    }

    @Test
    void uncompressed() {
        decodeDamaged(SoundFile.wave(Coding.SIGNED_24, 8000, 2, 4000, SoundFile.sine(440, 0.5, 8000)));
        decodeDamaged(SoundFile.aiff(8000, 4000, SoundFile.sine(440, 0.5, 8000)));
        decodeDamaged(SoundFile.caf(8000, 4000, SoundFile.sine(440, 0.5, 8000)));
        decodeDamaged(SoundFile.wave64(8000, 4000, SoundFile.sine(440, 0.5, 8000)));
    }

    @Test
    void hostile() {
        HostileFile.all().values().forEach(file -> {
            if (file.length < 100_000) {
                decodeDamaged(file);
            }
        });
    }
}
