package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;

/**
 * Whether a RIFF/WAVE file is as long as its header promises. FFmpeg silently believes the file's length instead where
 * the two differ, so a recording cut short could not be told from a whole one.
 */
final class WaveHeader {
    private static final long UNKNOWN = 0xFFFFFFFFL;

    private WaveHeader() {}

    /**
     * The share of the promised bytes of sound that are there, from 0 to 1; empty where the content is no WAVE file or
     * its writer could not know the length. Leaves the channel at its start.
     */
    static OptionalDouble shareThere(SeekableByteChannel encoded) throws IOException {
        try {
            return readShare(encoded);
        } finally {
            encoded.position(0);
        }
    }

    // Chunks follow a 12-byte file header, each with an 8-byte header of its own and padded to an even length. RF64 is
    // WAVE beyond 4 GiB: its "ds64" chunk holds the true size of "data" (EBU Tech 3306). Bytes are compared and not
    // seconds: the header's bytes per second are no more than an average, often a wrong one, of compressed sound.
    private static OptionalDouble readShare(SeekableByteChannel encoded) throws IOException {
        ByteBuffer file = read(encoded, 0, 12);
        String container = text(file, 0);
        if (!(container.equals("RIFF") || container.equals("RF64"))
                || !text(file, 8).equals("WAVE")) {
            return OptionalDouble.empty();
        }
        long wideDataBytes = UNKNOWN;
        long position = 12;
        while (true) {
            ByteBuffer chunk = read(encoded, position, 8 + 16);
            position += 8;
            long size = Integer.toUnsignedLong(chunk.getInt(4));
            switch (text(chunk, 0)) {
                case "ds64" -> wideDataBytes = chunk.getLong(8 + 8);
                case "data" -> {
                    return share(encoded.size() - position, size == UNKNOWN ? wideDataBytes : size);
                }
                case "\0\0\0\0" -> {
                    return OptionalDouble.empty();
                }
                default -> {}
            }
            position += size + size % 2;
        }
    }

    private static OptionalDouble share(long bytesThere, long dataBytes) {
        return isPlaceholder(dataBytes)
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.clamp((double) bytesThere / dataBytes, 0, 1));
    }

    // What programs write that stream into a pipe and never learn the length: nothing, all ones less the header
    // (FFmpeg), 2 GiB less a page (SoX), 2 GiB (arecord).
    private static boolean isPlaceholder(long dataBytes) {
        return dataBytes == 0
                || (dataBytes >= 0x7FFFF000L && dataBytes <= 0x80000000L)
                || (dataBytes >= 0xFFFFF000L && dataBytes <= UNKNOWN);
    }

    // Zeros where the file has ended.
    private static ByteBuffer read(SeekableByteChannel encoded, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        encoded.position(position);
        while (bytes.hasRemaining() && encoded.read(bytes) >= 0) {}
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer bytes, int offset) {
        byte[] letters = new byte[4];
        bytes.get(offset, letters);
        return new String(letters, StandardCharsets.US_ASCII);
    }
}
