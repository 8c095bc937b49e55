package org.chiffchaff.benchmarks;

import java.util.Random;
import org.chiffchaff.audio.Encoder;
import org.chiffchaff.audio.Encoder.Samples;

/**
 * The formats that recordings come in, and the making of one: noise that falls towards high frequencies, as wind does,
 * at 44.1 kHz (Opus: 48).
 */
public enum RecordingFormat {
    WAV("wav", "pcm_s16le", Samples.SHORTS, 44_100, 1, 0),
    AIFF("aiff", "pcm_s16be", Samples.SHORTS, 44_100, 1, 0),
    FLAC("flac", "flac", Samples.SHORTS, 44_100, 1, 0),
    MP3("mp3", "libmp3lame", Samples.FLOAT_PLANES, 44_100, 1, 128_000),
    // FFmpeg's own encoder; it calls itself experimental and makes two channels only.
    VORBIS("ogg", "vorbis", Samples.FLOAT_PLANES, 44_100, 2, 128_000),
    OPUS("ogg", "libopus", Samples.FLOATS, 48_000, 1, 96_000),
    AAC("ipod", "aac", Samples.FLOAT_PLANES, 44_100, 1, 128_000);

    private static final double MEMORY = 0.9;
    private static final double LOUDNESS = 0.03;

    private final String container;
    private final String codec;
    private final Samples samples;
    private final int sampleRate;
    private final int channels;
    private final int bitRate;

    RecordingFormat(String container, String codec, Samples samples, int sampleRate, int channels, int bitRate) {
        this.container = container;
        this.codec = codec;
        this.samples = samples;
        this.sampleRate = sampleRate;
        this.channels = channels;
        this.bitRate = bitRate;
    }

    /** An encoded recording, the same at every call. */
    byte[] recording(int seconds) {
        Random random = new Random(42);
        float[] noise = new float[seconds * sampleRate];
        double level = 0;
        for (int i = 0; i < noise.length; i++) {
            level = MEMORY * level + LOUDNESS * random.nextGaussian();
            noise[i] = (float) Math.clamp(level, -1, 1);
        }
        return Encoder.encode(new Encoder.Settings(container, codec, samples, sampleRate, channels, bitRate), noise);
    }
}
