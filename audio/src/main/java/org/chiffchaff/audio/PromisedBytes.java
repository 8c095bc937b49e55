package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/**
 * How many bytes of sound the header of a WAVE, Wave64 or CAF file promises, and how many are there. FFmpeg silently
 * believes the file's length where the two differ, so a recording cut short could not be told from a whole one.
 *
 * @param promised more than 0
 * @param there at most as many as are promised
 */
record PromisedBytes(long promised, long there) {
    private static final long UNKNOWN = 0xFFFFFFFFL;

    // Some writers count the header as sound.
    private static final int HEADER_BYTES = 44;

    // A file may consist of nothing but empty chunks.
    private static final int MOST_CHUNKS = 10_000;

    // Chunks follow the file's header, each with a header of its own that ends in its size, and are padded. Wave64
    // (Sony) has identifiers of 16 bytes that begin as WAVE's four letters in small, and counts the chunk's header,
    // too; CAF (Apple) begins its sound with a count of 4 bytes.
    private enum Layout {
        WAVE(12, 4, Integer.BYTES, 0, 2, ByteOrder.LITTLE_ENDIAN),
        WAVE64(40, 16, Long.BYTES, 0, 8, ByteOrder.LITTLE_ENDIAN),
        CAF(8, 4, Long.BYTES, 4, 1, ByteOrder.BIG_ENDIAN);

        final int fileHeaderBytes;
        final int identifierBytes;
        final int sizeBytes;
        final int countBytes;
        final int alignment;
        final ByteOrder order;

        Layout(
                int fileHeaderBytes,
                int identifierBytes,
                int sizeBytes,
                int countBytes,
                int alignment,
                ByteOrder order) {
            this.fileHeaderBytes = fileHeaderBytes;
            this.identifierBytes = identifierBytes;
            this.sizeBytes = sizeBytes;
            this.countBytes = countBytes;
            this.alignment = alignment;
            this.order = order;
        }

        int chunkHeaderBytes() {
            return identifierBytes + sizeBytes;
        }

        long dataBytes(ByteBuffer chunk) {
            chunk.order(order);
            long size = sizeBytes == Integer.BYTES
                    ? Integer.toUnsignedLong(chunk.getInt(identifierBytes))
                    : chunk.getLong(identifierBytes);
            return this == WAVE64 ? size - chunkHeaderBytes() : size;
        }
    }

    /**
     * Looks for the promise; empty where the content is none of these files or its writer could not know the length.
     * Leaves the channel at its start.
     */
    static Optional<PromisedBytes> find(String name, SeekableByteChannel encoded, DecodeLimits limits)
            throws IOException {
        try {
            ChannelBytes bytes = new ChannelBytes(name, encoded, limits);
            Optional<Layout> layout = layout(bytes.read(0, 28));
            return layout.isPresent() ? find(bytes, layout.get()) : Optional.empty();
        } finally {
            encoded.position(0);
        }
    }

    /** The share of the promised bytes that is there, from 0 to 1. */
    double shareThere() {
        return (double) there / promised;
    }

    private static Optional<Layout> layout(ByteBuffer start) {
        return switch (ChannelBytes.text(start, 0)) {
            case "RIFF", "RF64" ->
                ChannelBytes.text(start, 8).equals("WAVE") ? Optional.of(Layout.WAVE) : Optional.empty();
            case "riff" -> ChannelBytes.text(start, 24).equals("wave") ? Optional.of(Layout.WAVE64) : Optional.empty();
            case "caff" -> Optional.of(Layout.CAF);
            default -> Optional.empty();
        };
    }

    // RF64 is WAVE beyond 4 GiB: its "ds64" chunk holds the true size of "data" (EBU Tech 3306). Bytes are compared and
    // not seconds: the header's bytes per second are no more than an average, often a wrong one, of compressed sound.
    private static Optional<PromisedBytes> find(ChannelBytes encoded, Layout layout) throws IOException {
        long wideDataBytes = UNKNOWN;
        long position = layout.fileHeaderBytes;
        for (int chunks = 0; chunks < MOST_CHUNKS && position >= 0 && position < encoded.size(); chunks++) {
            ByteBuffer chunk = encoded.read(position, layout.chunkHeaderBytes() + 16);
            long size = layout.dataBytes(chunk);
            position += layout.chunkHeaderBytes();
            if (ChannelBytes.text(chunk, 0).equals("data")) {
                long promised = layout == Layout.WAVE && size == UNKNOWN ? wideDataBytes : size;
                return compare(encoded.size() - position - layout.countBytes, promised - layout.countBytes);
            }
            if (ChannelBytes.text(chunk, 0).equals("ds64")) {
                wideDataBytes = chunk.getLong(layout.chunkHeaderBytes() + 8);
            }
            if (size < 0) {
                break;
            }
            position += size + Math.floorMod(-size, layout.alignment);
        }
        return Optional.empty();
    }

    private static Optional<PromisedBytes> compare(long there, long promised) {
        if (isPlaceholder(promised)) {
            return Optional.empty();
        }
        boolean whole = promised - there <= HEADER_BYTES;
        return Optional.of(new PromisedBytes(promised, whole ? promised : Math.max(0, there)));
    }

    // What programs write that stream into a pipe and never learn the length: nothing, all ones (CAF), all ones
    // less the header (FFmpeg), 2 GiB less a page (SoX), 2 GiB (arecord).
    private static boolean isPlaceholder(long dataBytes) {
        return dataBytes <= 0
                || (dataBytes >= 0x7FFFF000L && dataBytes <= 0x80000000L)
                || (dataBytes >= 0xFFFFF000L && dataBytes <= UNKNOWN);
    }
}
