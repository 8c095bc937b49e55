package org.chiffchaff.audio;

import java.nio.channels.SeekableByteChannel;
import java.util.OptionalDouble;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/**
 * What a recording says of itself before it is decoded. A header may promise more than there is, and only decoding tells:
 * see {@link Condition}.
 *
 * @param container in FFmpeg's words, as in "QuickTime / MOV"
 * @param coding FFmpeg's name of how the sound is coded, as in "aac"
 * @param sampleRate the recording's own, in Hz
 * @param channels of the recording
 * @param promisedSeconds how long the sound should be; empty where the header does not say
 */
public record AudioHeader(
        String container, String coding, int sampleRate, int channels, OptionalDouble promisedSeconds) {

    /**
     * Reads the header, and as much of the sound as is needed to know it: a few MiB at most.
     *
     * @throws AudioException where {@link PcmStream#open} does, but for a coding without a decoder; and where there is no
     *     channel, or more than {@value Channel#MOST}
     */
    public static AudioHeader of(AudioSource source) {
        SeekableByteChannel encoded = EncodedBytes.open(source);
        try (FfmpegContainer container = FfmpegContainer.open(source.name(), encoded, DecodeLimits.WEEK)) {
            AVCodecParameters sound = container.stream().codecpar();
            int channels = sound.ch_layout().nb_channels();
            if (channels < 1 || channels > Channel.MOST) {
                throw new AudioException(
                        source.name(), "has " + channels + " channels; 1 to " + Channel.MOST + " are expected");
            }
            return new AudioHeader(
                    container.title(), container.coding(), sound.sample_rate(), channels, container.promisedSeconds());
        } finally {
            EncodedBytes.close(encoded);
        }
    }
}
