package org.chiffchaff.audio;

import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A recording as mono samples at one rate, decoded as they are read: memory stays constant however long the recording.
 *
 * <p>Channels are mixed by their mean, or one is taken: see {@link Channel}. Samples have full scale 1.0 and are not
 * clipped: a lossy codec or the resampler may overshoot it a little. At the recording's own rate the samples of lossless
 * formats are exact. Of several audio streams the best is taken, by FFmpeg's judgement; pictures are skipped.
 *
 * <p>A recording that is cut short or damaged is read as far as it goes, and {@link #condition} tells what is missing.
 * Where part of it cannot be decoded, silence of the same length takes its place, up to ten minutes in all, so that what
 * follows keeps its time. What a header promises is held against it, beyond 1 ms, or 0.1 s of a format with losses. Raw
 * AAC, MP3 without a Xing header, Ogg and a WAVE file written into a pipe promise nothing: of these, the sound that is
 * there is the recording, as far as the clock in it shows no gap.
 *
 * <p>One thread at a time; any number of streams side by side.
 */
public final class PcmStream implements AutoCloseable {
    // -96 dBFS, half a step of 16-bit sound: a recording that is quieter throughout was made by a dead microphone.
    private static final double SILENCE = Math.pow(10, -96 / 20.0);
    // 24 dB above full scale: floating-point files that go beyond hold numbers on another scale, such as 32768.
    private static final float LOUDEST = 16;

    private final String name;
    private final SeekableByteChannel encoded;
    private final FfmpegDecoder decoder;
    private final int sampleRate;

    private long decodedSamples;
    private float peak;
    private Optional<Condition> condition = Optional.empty();
    private int blockLength;
    private int blockPosition;
    private boolean closed;

    private PcmStream(String name, SeekableByteChannel encoded, int sampleRate, Channel channel, DecodeLimits limits) {
        this.name = name;
        this.encoded = encoded;
        this.sampleRate = sampleRate;
        Ffmpeg.load();
        this.decoder = new FfmpegDecoder(name, encoded, sampleRate, channel, limits);
    }

    /** The same for the {@linkplain Channel#MIX mix} of all channels. */
    public static PcmStream open(AudioSource source, int sampleRate) {
        return open(source, sampleRate, Channel.MIX);
    }

    /** The same of what is made of the recording's channels, at most a {@linkplain DecodeLimits#WEEK week}. */
    public static PcmStream open(AudioSource source, int sampleRate, Channel channel) {
        return open(source, sampleRate, channel, DecodeLimits.WEEK);
    }

    /**
     * Opens a recording. The caller closes what is returned.
     *
     * @param sampleRate of the samples to read, in Hz
     * @param channel what is made of the recording's channels
     * @param limits what decoding may cost, here and in {@link #read}
     * @throws AudioException where the source is missing, a folder, empty, no audio FFmpeg knows, without an audio
     *     stream, or has a header that is damaged or cut short
     * @throws java.util.concurrent.CancellationException where {@code limits} says so
     */
    public static PcmStream open(AudioSource source, int sampleRate, Channel channel, DecodeLimits limits) {
        if (sampleRate < 1) {
            throw new IllegalArgumentException("sample rate is " + sampleRate + " Hz; at least 1 Hz is expected");
        }
        SeekableByteChannel encoded = EncodedBytes.open(source);
        try {
            return new PcmStream(source.name(), encoded, sampleRate, channel, limits);
        } catch (RuntimeException | Error e) {
            EncodedBytes.close(encoded);
            throw e;
        }
    }

    /** Of the samples read, in Hz. */
    public int sampleRate() {
        return sampleRate;
    }

    /**
     * Reads the next samples, at least one and at most {@code length}.
     *
     * @return how many were read, or -1 at the end
     * @throws AudioException where the sound has less than 1 kHz, more than 1 MHz or more than 64 channels or not the one
     *     asked for, or changes its format more than 16 times, or goes on beyond the limit, or a sample is not finite or beyond 16
     *     times full scale; and at the end, in place of -1, where the
     *     recording holds no sound: no samples, or silence throughout (below -96 dBFS)
     * @throws java.util.concurrent.CancellationException where {@code limits} says so
     */
    public int read(float[] buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (closed) {
            throw new IllegalStateException(name + ": read after close");
        }
        if (length == 0) {
            return 0;
        }
        if (blockPosition == blockLength) {
            blockLength = decoder.decode();
            blockPosition = 0;
            if (blockLength == 0) {
                verifySound();
                condition = Optional.of(decoder.condition());
                return -1;
            }
            examineBlock();
        }
        int count = Math.min(length, blockLength - blockPosition);
        System.arraycopy(decoder.block(), blockPosition, buffer, offset, count);
        blockPosition += count;
        return count;
    }

    private void examineBlock() {
        float[] block = decoder.block();
        for (int i = 0; i < blockLength; i++) {
            float magnitude = Math.abs(block[i]);
            // Also true of a magnitude that is no number.
            if (!(magnitude <= LOUDEST)) {
                throw failure("sample " + block[i] + " at " + seconds((decodedSamples + i) / (double) sampleRate)
                        + "; finite samples of full scale 1.0 are expected");
            }
            peak = Math.max(peak, magnitude);
        }
        decodedSamples += blockLength;
    }

    private void verifySound() {
        if (decodedSamples == 0) {
            double promised = decoder.promisedSeconds();
            throw failure(
                    promised > 0
                            ? "holds no samples, though its header promises " + seconds(promised)
                            : "holds no samples");
        }
        if (peak < SILENCE) {
            throw failure("holds only silence (no sample above -96 dBFS)");
        }
    }

    /**
     * What the recording turned out to be.
     *
     * @throws IllegalStateException before {@link #read} has said -1
     */
    public Condition condition() {
        return condition.orElseThrow(
                () -> new IllegalStateException(name + ": its condition is known when it has been read to its end"));
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f s", seconds);
    }

    private AudioException failure(String reason) {
        return new AudioException(name, reason);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            decoder.close();
            EncodedBytes.close(encoded);
        }
    }

    /** Where the decoder's native libraries are unpacked. */
    public static Path decoderFolder() {
        return Ffmpeg.load();
    }

    /** What decodes, and under which licence it was built. */
    public static String decoderVersion() {
        return Ffmpeg.version();
    }
}
