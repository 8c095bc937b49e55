package org.chiffchaff.serving;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Small WAV files, made as they are needed; for the tests of server and client. */
public final class Recordings {
    public static final int RATE = 8_000;

    private Recordings() {}

    /** A tone of one kilohertz in the plainest of formats. */
    public static byte[] tone(double seconds) {
        return wav(RATE, 1, 16, false, seconds, 0.5);
    }

    public static byte[] silence(double seconds) {
        return wav(RATE, 1, 16, false, seconds, 0);
    }

    /** Any sound in 16 bits, full scale 1.0, by the time in seconds. */
    public static byte[] of(double seconds, DoubleUnaryOperator sound) {
        byte[] recording = silence(seconds);
        ByteBuffer samples = ByteBuffer.wrap(recording).order(ByteOrder.LITTLE_ENDIAN);
        for (int frame = 0; 44 + 2 * frame < recording.length; frame++) {
            double sample = sound.applyAsDouble((double) frame / RATE);
            samples.putShort(44 + 2 * frame, (short) Math.round(32_767 * sample));
        }
        return recording;
    }

    /** Two channels in 16 bits: a recording made by {@link #of} and, on the right, another of the same length. */
    public static byte[] stereo(byte[] left, byte[] right) {
        int frames = (left.length - 44) / 2;
        byte[] recording = wav(RATE, 2, 16, false, (double) frames / RATE, 0);
        for (int frame = 0; frame < frames; frame++) {
            System.arraycopy(left, 44 + 2 * frame, recording, 44 + 4 * frame, 2);
            System.arraycopy(right, 44 + 2 * frame, recording, 46 + 4 * frame, 2);
        }
        return recording;
    }

    public static byte[] wav(int rate, int channels, int bits, boolean floats, double seconds, double level) {
        int frames = (int) (rate * seconds);
        int dataBytes = frames * channels * bits / 8;
        ByteBuffer wav = ByteBuffer.allocate(44 + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + dataBytes).put(ascii("WAVEfmt ")).putInt(16);
        wav.putShort((short) (floats ? 3 : 1)).putShort((short) channels).putInt(rate);
        wav.putInt(rate * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits);
        wav.put(ascii("data")).putInt(dataBytes);
        for (int frame = 0; frame < frames; frame++) {
            double sample = level * Math.sin(2 * Math.PI * 1_000 * frame / rate);
            for (int channel = 0; channel < channels; channel++) {
                put(wav, sample, bits, floats);
            }
        }
        return wav.array();
    }

    private static void put(ByteBuffer wav, double sample, int bits, boolean floats) {
        switch (bits) {
            case 8 -> wav.put((byte) (128 + Math.round(127 * sample)));
            case 16 -> wav.putShort((short) Math.round(32_767 * sample));
            case 24 -> {
                int value = (int) Math.round(8_388_607 * sample);
                wav.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
            }
            default -> wav.putFloat((float) sample);
        }
        if (bits == 32 && !floats) {
            throw new IllegalArgumentException("32 bits are written as floats only");
        }
    }

    public static byte[] cut(byte[] recording) {
        return Arrays.copyOf(recording, recording.length / 2);
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
