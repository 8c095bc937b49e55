package org.chiffchaff.audio;

import java.io.ByteArrayOutputStream;

/**
 * Writes FLAC files (RFC 9639) frame by frame, every frame in a format of its own. A frame is one level, which takes two
 * bytes however long it lasts.
 */
public final class FlacFile {
    private static final int BITS = 16;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int clockHertz;
    private long clock; // in samples of the first rate

    /** Begins a file whose length is not stated. */
    public FlacFile(int sampleRate, int channels) {
        clockHertz = sampleRate;
        bytes.writeBytes(new byte[] {'f', 'L', 'a', 'C', (byte) 0x80, 0, 0, 34});
        write(16, 2);
        write(65_535, 2);
        write(0, 6); // sizes of the frames: unknown
        write((long) sampleRate << 44 | (channels - 1L) << 41 | (BITS - 1L) << 36, 8);
        bytes.writeBytes(new byte[16]); // MD5: unknown
    }

    /** Adds a frame of mono sound, at most 65,535 Hz. */
    public FlacFile add(int sampleRate, int samples, int level) {
        int start = bytes.size();
        write(0xFFF9, 2); // frames are numbered by their first sample
        write(0x7D, 1); // the number of samples and the rate follow, 16 bits each
        write(0x08, 1); // one channel, 16 bits
        writeNumber(clock);
        clock += (long) samples * clockHertz / sampleRate;
        write(samples - 1, 2);
        write(sampleRate, 2);
        write(checksum(start, 0x07, 8), 1);
        write(0, 1); // a constant subframe
        write(level, 2);
        write(checksum(start, 0x8005, 16), 2);
        return this;
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }

    private void write(long value, int count) {
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            bytes.write((int) (value >> shift));
        }
    }

    // As UTF-8 codes a character, and on to 36 bits.
    private void writeNumber(long number) {
        if (number < 0x80) {
            write(number, 1);
            return;
        }
        int followers = 1;
        while (number >> (5 * followers + 6) != 0) {
            followers++;
        }
        write((0xFF << (7 - followers) & 0xFF) | number >> (6 * followers), 1);
        for (int shift = 6 * (followers - 1); shift >= 0; shift -= 6) {
            write(0x80 | (number >> shift & 0x3F), 1);
        }
    }

    private int checksum(int start, int polynomial, int bits) {
        byte[] all = bytes.toByteArray();
        int register = 0;
        for (int i = start; i < all.length; i++) {
            register ^= (all[i] & 0xFF) << (bits - 8);
            for (int bit = 0; bit < 8; bit++) {
                boolean carry = (register >> (bits - 1) & 1) == 1;
                register = (register << 1 ^ (carry ? polynomial : 0)) & (1 << bits) - 1;
            }
        }
        return register;
    }
}
