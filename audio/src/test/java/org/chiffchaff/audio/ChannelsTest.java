package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.chiffchaff.audio.Sound.Decoded;
import org.chiffchaff.audio.SoundFile.Coding;
import org.chiffchaff.audio.SoundFile.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two channels to one: what was written into them against what comes out. */
final class ChannelsTest {
    private static final int RATE = 8000;

    private static double sine(int frame) {
        return 0.5 * Math.sin(0.3 * frame);
    }

    private static byte[] stereo(int seconds, Sample sample) {
        return SoundFile.wave(Coding.FLOAT_32, RATE, 2, seconds * RATE, sample);
    }

    private static void assertIs(Sample expected, int channel, float[] found) {
        float[] samples = new float[found.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) expected.at(i, channel);
        }
        assertArrayEquals(samples, found, 1e-6F);
    }

    // Judged over five seconds: shorter than that, longer, and longer after a silence.
    @ParameterizedTest
    @CsvSource({"1, 0", "12, 0", "12, 9"})
    void ofTwoThatCancelTheLouderIsTaken(int seconds, int silentSeconds) {
        Sample opposite =
                (frame, channel) -> frame < silentSeconds * RATE ? 0 : channel == 0 ? 0.7 * sine(frame) : -sine(frame);
        Decoded decoded = Sound.read(stereo(seconds, opposite), RATE);
        assertEquals(seconds * RATE, decoded.samples().length);
        assertIs(opposite, 1, decoded.samples());
        assertEquals(OptionalInt.of(2), decoded.condition().oppositePhaseChannel());
        assertEquals(
                List.of("opposite phase: its two channels cancel each other; channel 2, the louder, is taken"),
                decoded.condition().remarks());
        assertEquals(true, decoded.condition().isWhole());
    }

    // The offsets of two converters say nothing about the sound.
    @Test
    void anOffsetHidesNoOppositePhase() {
        Sample opposite = (frame, channel) -> 0.4 + (channel == 0 ? sine(frame) : -0.9 * sine(frame));
        Decoded decoded = Sound.read(stereo(2, opposite), RATE);
        assertEquals(OptionalInt.of(1), decoded.condition().oppositePhaseChannel());
        assertIs(opposite, 0, decoded.samples());
    }

    // Correlations of two sines are the cosine of the angle between them: of 150 degrees -0.87, of 158 degrees -0.93.
    @ParameterizedTest
    @CsvSource({"0, false", "90, false", "150, false", "158, true", "180, true"})
    void theCorrelationDecides(double degrees, boolean opposite) {
        Sample turned = (frame, channel) ->
                0.5 * Math.sin(2 * Math.PI * 500 * frame / RATE + (channel == 0 ? 0 : Math.toRadians(degrees)));
        Decoded decoded = Sound.read(stereo(8, turned), RATE);
        assertEquals(opposite, decoded.condition().oppositePhaseChannel().isPresent());
        if (!opposite) {
            assertIs((frame, channel) -> (turned.at(frame, 0) + turned.at(frame, 1)) / 2, 0, decoded.samples());
        }
    }

    @Test
    void aChannelAloneInTwoIsMixed() {
        Random random = new Random(1);
        float[] noise = new float[6 * RATE];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (0.1 * random.nextGaussian());
        }
        Sample one = (frame, channel) -> channel == 0 ? noise[frame] : 0;
        Decoded decoded = Sound.read(stereo(6, one), RATE);
        assertEquals(OptionalInt.empty(), decoded.condition().oppositePhaseChannel());
        assertIs((frame, channel) -> noise[frame] / 2, 0, decoded.samples());
    }

    @Test
    void aChannelAskedForIsTaken() {
        Sample three = (frame, channel) -> (channel + 1) * 0.3 * sine(frame);
        AudioSource source = AudioSource.of("clip", SoundFile.wave(Coding.FLOAT_32, RATE, 3, 2 * RATE, three));
        for (int number = 1; number <= 3; number++) {
            float[] samples = new float[2 * RATE];
            try (PcmStream stream = PcmStream.open(source, RATE, new Channel(number))) {
                for (int length = 0; length < samples.length; ) {
                    length += stream.read(samples, length, samples.length - length);
                }
            }
            assertIs(three, number - 1, samples);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, right, 'clip: channel 2 is asked for, and it has 1 channel'",
        "2, 3,     'clip: channel 3 is asked for, and it has 2 channels'"
    })
    void aChannelThatIsNotThereIsAnError(int channels, String choice, String message) {
        AudioSource source =
                AudioSource.of("clip", SoundFile.wave(Coding.SIGNED_16, RATE, channels, RATE, ChannelsTest::sine));
        Channel channel = ChannelChoice.parse(choice).of(channels).getFirst();
        try (PcmStream stream = PcmStream.open(source, RATE, channel)) {
            AudioException error = assertThrows(AudioException.class, () -> stream.read(new float[10], 0, 10));
            assertEquals(message, error.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({"mix, 0", "MIX, 0", "left, 1", "right, 2", "1, 1", "64, 64", "each, 1 2 3"})
    void choicesAreRead(String text, String numbers) {
        List<Channel> expected = List.of(numbers.split(" ")).stream()
                .map(number -> new Channel(Integer.parseInt(number)))
                .toList();
        assertEquals(expected, ChannelChoice.parse(text).of(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "both", "0", "-1", "65", "1.5", "01"})
    void whatIsNoChoiceTeaches(String text) {
        assertEquals(
                "channel is '" + text + "'; mix, left, right, each or a number from 1 to 64 is expected",
                assertThrows(IllegalArgumentException.class, () -> ChannelChoice.parse(text))
                        .getMessage());
    }

    @Test
    void channelsAreCheckedAtBirth() {
        assertEquals(
                "channel is 65; 1 to 64, or 0 for their mean, is expected",
                assertThrows(IllegalArgumentException.class, () -> new Channel(65))
                        .getMessage());
    }
}
