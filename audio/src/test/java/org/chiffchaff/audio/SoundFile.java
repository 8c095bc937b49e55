package org.chiffchaff.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntToDoubleFunction;

/** Writes WAVE and AIFF files by the book, so that what is decoded can be compared with what was written. */
public final class SoundFile {
    /** How a sample is written; {@code write} takes the sample with full scale 1.0. */
    public enum Coding {
        UNSIGNED_8(1, 1) {
            @Override
            void write(ByteBuffer data, double sample) {
                data.put((byte) (128 + quantise(sample, 7)));
            }
        },
        SIGNED_16(1, 2) {
            @Override
            void write(ByteBuffer data, double sample) {
                data.putShort((short) quantise(sample, 15));
            }
        },
        SIGNED_24(1, 3) {
            @Override
            void write(ByteBuffer data, double sample) {
                int value = (int) quantise(sample, 23);
                data.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
            }
        },
        SIGNED_32(1, 4) {
            @Override
            void write(ByteBuffer data, double sample) {
                data.putInt((int) quantise(sample, 31));
            }
        },
        FLOAT_32(3, 4) {
            @Override
            void write(ByteBuffer data, double sample) {
                data.putFloat((float) sample);
            }
        },
        FLOAT_64(3, 8) {
            @Override
            void write(ByteBuffer data, double sample) {
                data.putDouble(sample);
            }
        };

        final int formatTag;
        final int bytes;

        Coding(int formatTag, int bytes) {
            this.formatTag = formatTag;
            this.bytes = bytes;
        }

        abstract void write(ByteBuffer data, double sample);

        /** The largest difference between a sample and what is written of it. */
        double step() {
            return formatTag == 3 ? 1e-7 : Math.scalb(1.0, 1 - 8 * bytes);
        }

        private static long quantise(double sample, int bits) {
            double scale = Math.scalb(1.0, bits);
            return Math.round(Math.max(-scale, Math.min(scale - 1, sample * scale)));
        }
    }

    private SoundFile() {}

    /** The header of a WAVE file, 44 bytes, stating any size of its data. */
    static ByteBuffer waveHeader(Coding coding, int sampleRate, int channels, long dataBytes) {
        int frameBytes = channels * coding.bytes;
        return ByteBuffer.allocate(44)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt((int) Math.min(dataBytes + 36, 0xFFFFFFFFL))
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) coding.formatTag)
                .putShort((short) channels)
                .putInt(sampleRate)
                .putInt(sampleRate * frameBytes)
                .putShort((short) frameBytes)
                .putShort((short) (coding.bytes * 8))
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt((int) dataBytes)
                .flip();
    }

    /** A WAVE file whose channels all hold the same samples, given by their index. */
    public static byte[] wave(Coding coding, int sampleRate, int channels, int frames, IntToDoubleFunction sample) {
        return wave(coding, sampleRate, channels, frames, (frame, channel) -> sample.applyAsDouble(frame));
    }

    public interface Sample {
        double at(int frame, int channel);
    }

    public static byte[] wave(Coding coding, int sampleRate, int channels, int frames, Sample sample) {
        int dataBytes = frames * channels * coding.bytes;
        ByteBuffer file = ByteBuffer.allocate(44 + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(waveHeader(coding, sampleRate, channels, dataBytes));
        for (int frame = 0; frame < frames; frame++) {
            for (int channel = 0; channel < channels; channel++) {
                coding.write(file, sample.at(frame, channel));
            }
        }
        return file.array();
    }

    /** A mono AIFF file of 16-bit samples. */
    static byte[] aiff(int sampleRate, int frames, IntToDoubleFunction sample) {
        int dataBytes = frames * 2;
        ByteBuffer file = ByteBuffer.allocate(12 + 26 + 16 + dataBytes);
        file.put("FORM".getBytes(StandardCharsets.US_ASCII)).putInt(4 + 26 + 16 + dataBytes);
        file.put("AIFFCOMM".getBytes(StandardCharsets.US_ASCII)).putInt(18);
        file.putShort((short) 1).putInt(frames).putShort((short) 16);
        // The rate as an 80-bit extended float: sign and exponent, then the mantissa with its leading one.
        int exponent = Math.getExponent((double) sampleRate);
        file.putShort((short) (16383 + exponent)).putLong((long) sampleRate << (63 - exponent));
        file.put("SSND".getBytes(StandardCharsets.US_ASCII)).putInt(8 + dataBytes);
        file.putInt(0).putInt(0);
        for (int frame = 0; frame < frames; frame++) {
            Coding.SIGNED_16.write(file, sample.applyAsDouble(frame));
        }
        return file.array();
    }

    /** A mono Wave64 file of 16-bit samples: WAVE's chunks under longer names, sizes of 64 bits, in eights. */
    static byte[] wave64(int sampleRate, int frames, IntToDoubleFunction sample) {
        byte[] wave = wave(Coding.SIGNED_16, sampleRate, 1, frames, sample);
        byte[] riffTail = {0x2E, (byte) 0x91, (byte) 0xCF, 0x11, (byte) 0xA5, (byte) 0xD6, 0x28, (byte) 0xDB, 4};
        byte[] waveTail = {(byte) 0xF3, (byte) 0xAC, (byte) 0xD3, 0x11, (byte) 0x8C, (byte) 0xD1, 0, (byte) 0xC0, 0x4F};
        byte[] tailOfRiff = {(byte) 0xC1, 0, 0};
        byte[] tailOfWave = {(byte) 0x8E, (byte) 0xDB, (byte) 0x8A};
        ByteBuffer file = ByteBuffer.allocate(40 + 24 + 16 + 24 + 2 * frames).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("riff")).put(riffTail).put(tailOfRiff).putLong(file.capacity());
        file.put(ascii("wave")).put(waveTail).put(tailOfWave);
        file.put(ascii("fmt ")).put(waveTail).put(tailOfWave).putLong(24 + 16).put(wave, 20, 16);
        file.put(ascii("data")).put(waveTail).put(tailOfWave).putLong(24 + 2L * frames);
        return file.put(wave, 44, 2 * frames).array();
    }

    /** A mono CAF file of 16-bit samples. */
    static byte[] caf(int sampleRate, int frames, IntToDoubleFunction sample) {
        ByteBuffer file = ByteBuffer.allocate(8 + 12 + 32 + 12 + 4 + 2 * frames);
        file.put(ascii("caff")).putShort((short) 1).putShort((short) 0);
        file.put(ascii("desc")).putLong(32).putDouble(sampleRate).put(ascii("lpcm"));
        file.putInt(0).putInt(2).putInt(1).putInt(1).putInt(16);
        file.put(ascii("data")).putLong(4 + 2L * frames).putInt(0);
        for (int frame = 0; frame < frames; frame++) {
            Coding.SIGNED_16.write(file, sample.applyAsDouble(frame));
        }
        return file.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public static IntToDoubleFunction sine(double hertz, double amplitude, int sampleRate) {
        return frame -> amplitude * Math.sin(2 * Math.PI * hertz * frame / sampleRate);
    }
}
