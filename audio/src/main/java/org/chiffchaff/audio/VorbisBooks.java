package org.chiffchaff.audio;

import java.nio.ByteBuffer;

/**
 * How much the code books of a Vorbis stream become (Vorbis I specification, chapter 3). A book of 16,384 entries in 16
 * dimensions may be described in 20 bytes; the decoder makes a table of it, and a stream may have 256.
 */
final class VorbisBooks {
    private static final int SYNC = 0x564342;
    private static final int NAME_BYTES = 7; // a packet's type, and "vorbis"

    private final ByteBuffer setup;
    private long position; // in bits

    private VorbisBooks(ByteBuffer setup) {
        this.setup = setup;
        this.position = 8L * NAME_BYTES;
    }

    /**
     * Counts the numbers in all books, as far as they are by the book: where they are not, the decoder ends, too.
     *
     * @param headers the stream's three, each but the last preceded by its size, as containers keep them
     */
    static long values(ByteBuffer headers) {
        ByteBuffer setup = setup(headers);
        return setup.remaining() > NAME_BYTES ? new VorbisBooks(setup).values() : 0;
    }

    // Either two sizes of Xiph's, each byte of 255 going on in the next, or 16 bits before every header.
    private static ByteBuffer setup(ByteBuffer headers) {
        ByteBuffer all = headers.slice();
        if (all.remaining() < 8) {
            return ByteBuffer.allocate(0);
        }
        long start;
        if (all.getShort(0) == 30) {
            int second = 2 + 30;
            start = second + 2 < all.limit()
                    ? second + 2L + Short.toUnsignedInt(all.getShort(second)) + 2
                    : all.limit();
        } else {
            all.get();
            start = xiphSize(all) + xiphSize(all);
            start += all.position();
        }
        return all.position((int) Math.min(start, all.limit())).slice();
    }

    private static long xiphSize(ByteBuffer all) {
        long size = 0;
        int part = 255;
        while (part == 255 && all.hasRemaining()) {
            part = Byte.toUnsignedInt(all.get());
            size += part;
        }
        return size;
    }

    private long values() {
        long values = 0;
        for (long books = bits(8) + 1; books > 0 && bits(24) == SYNC; books--) {
            long dimensions = bits(16);
            long entries = bits(24);
            values += entries * Math.max(1, dimensions);
            skipLengths(entries);
            skipValues(entries, dimensions);
        }
        return values;
    }

    private void skipLengths(long entries) {
        boolean ordered = bits(1) == 1;
        if (ordered) {
            bits(5);
            long done = 0;
            while (done < entries && position < 8L * setup.limit()) {
                done += bits(Long.SIZE - Long.numberOfLeadingZeros(entries - done));
            }
            return;
        }
        boolean sparse = bits(1) == 1;
        for (long entry = 0; entry < entries && position < 8L * setup.limit(); entry++) {
            if (!sparse || bits(1) == 1) {
                bits(5);
            }
        }
    }

    // A lattice has as many numbers in each direction as fit the entries.
    private void skipValues(long entries, long dimensions) {
        long kind = bits(4);
        if (kind == 0) {
            return;
        }
        position += 64;
        long valueBits = bits(4) + 1;
        bits(1);
        long count = kind == 1
                ? (long) Math.floor(Math.pow((double) entries, 1.0 / dimensions) + 1e-9)
                : entries * dimensions;
        position += count * valueBits;
    }

    // Zeros where the header has ended; the lowest bit comes first.
    private long bits(int count) {
        long value = 0;
        for (int bit = 0; bit < count; bit++, position++) {
            long at = position / 8;
            value |= at < setup.limit() ? (setup.get((int) at) >> position % 8 & 1L) << bit : 0;
        }
        return value;
    }
}
