package org.chiffchaff.serving;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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

    /** A constant with a square wave of a few steps of 16 bits upon it. */
    public static byte[] steady(double seconds, int level, int steps) {
        byte[] recording = silence(seconds);
        ByteBuffer samples = ByteBuffer.wrap(recording).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 44; at < recording.length; at += 2) {
            samples.putShort(at, (short) (level + (at / 8 % 2 == 0 ? steps : -steps)));
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
