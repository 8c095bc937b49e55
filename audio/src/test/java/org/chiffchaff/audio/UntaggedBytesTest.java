package org.chiffchaff.audio;

import static org.chiffchaff.audio.HostileFile.ints;
import static org.chiffchaff.audio.HostileFile.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tags within a recording are hidden from FFmpeg, up to a number of them. */
final class UntaggedBytesTest {
    private static byte[] wave(int tags) {
        byte[] file = SoundFile.wave(SoundFile.Coding.SIGNED_16, 8000, 1, 8000, SoundFile.sine(440, 0.5, 8000));
        byte[][] empty = new byte[tags][];
        Arrays.fill(empty, ints("id3 ", 0));
        return join(Arrays.copyOf(file, 12), join(empty), Arrays.copyOfRange(file, 12, file.length));
    }

    private static byte[] wma(int tags) {
        byte[] name = "ID3".getBytes(StandardCharsets.UTF_16LE);
        byte[] header = join(ints(0x3026B275, 0x8E66CF11, 0xA6D900AA, 0x0062CE6C), new byte[14]);
        return join(header, join(IntStream.range(0, tags).mapToObj(i -> name).toArray(byte[][]::new)));
    }

    private static void assertTooMany(byte[] file) {
        AudioException error = assertThrows(AudioException.class, () -> Sound.decode(file, 8000));
        assertEquals("clip: holds more than 16 ID3 tags; at most 16 are expected", error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16})
    void aFewTagsAreHidden(int tags) {
        assertEquals(8000, Sound.decode(wave(tags), 8000).length);
    }

    @Test
    void moreTagsThanARecordingHasAreRefused() {
        assertTooMany(wave(17));
        assertTooMany(wma(17));
    }
}
