package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A recording's bytes without its ID3 tags. Nothing in them is sound, and FFmpeg unpacks every compressed picture that
 * they hold: 800 KB may be a gigabyte. A tag in front is left out; one within is found under another name, which FFmpeg
 * passes over.
 */
final class UntaggedBytes implements SeekableByteChannel {
    private static final int HEADER_BYTES = 10;
    private static final byte NO_NAME = 'X';
    private static final int MOST_NAMES = 16; // a recording has one; each read looks for them all

    private static final int ASF = 0x3026B275;
    private static final byte[] ASF_NAME = {'I', 0, 'D', 0, '3', 0};
    private static final int SCAN_BYTES = 1 << 20;

    private final SeekableByteChannel whole;
    private final long start;
    private final List<Long> names; // positions in the whole of a letter to be changed

    private UntaggedBytes(SeekableByteChannel whole, long start, List<Long> names) {
        this.whole = whole;
        this.start = start;
        this.names = names;
    }

    /**
     * The rest of a channel at its start. The caller closes the channel; this needs none.
     *
     * @param name what errors call the source
     * @param limits cancellation is looked at before every read
     * @throws AudioException where there are more tags than a recording has
     */
    static SeekableByteChannel of(String name, SeekableByteChannel whole, DecodeLimits limits) throws IOException {
        ChannelBytes bytes = new ChannelBytes(name, whole, limits);
        long start = 0;
        ByteBuffer header = bytes.read(start, HEADER_BYTES);
        while (isTag(header) && start + tagBytes(header) < bytes.size()) {
            start += tagBytes(header);
            header = bytes.read(start, HEADER_BYTES);
        }
        SeekableByteChannel rest = new UntaggedBytes(whole, start, names(bytes, start));
        return rest.position(0);
    }

    private static boolean isTag(ByteBuffer header) {
        return header.getInt(0) >>> 8 == 0x494433 && header.get(3) != -1;
    }

    // Seven bits to a byte (ID3v2.4, 3.1); a footer repeats the header.
    private static long tagBytes(ByteBuffer header) {
        long content = 0;
        for (int i = 6; i < HEADER_BYTES; i++) {
            content = (content << 7) | (header.get(i) & 0x7F);
        }
        boolean footer = (header.get(5) & 0x10) != 0;
        return HEADER_BYTES + content + (footer ? HEADER_BYTES : 0);
    }

    private static List<Long> names(ChannelBytes whole, long start) throws IOException {
        ByteBuffer first = whole.read(start, 12);
        String form = ChannelBytes.text(first, 8);
        return switch (ChannelBytes.text(first, 0)) {
            case "RIFF", "RF64", "BW64" ->
                form.equals("WAVE") ? chunkNames(whole, start, ByteOrder.LITTLE_ENDIAN) : List.of();
            case "RIFX" -> form.equals("WAVE") ? chunkNames(whole, start, ByteOrder.BIG_ENDIAN) : List.of();
            case "FORM" ->
                Set.of("AIFF", "AIFC").contains(form) ? chunkNames(whole, start, ByteOrder.BIG_ENDIAN) : List.of();
            default -> first.getInt(0) == ASF ? asfNames(whole) : List.of();
        };
    }

    private static List<Long> chunkNames(ChannelBytes whole, long start, ByteOrder order) throws IOException {
        List<Long> names = new ArrayList<>();
        long wideDataBytes = 0xFFFFFFFFL;
        for (long position = start + 12; position >= 0 && position + 8 <= whole.size(); ) {
            ByteBuffer chunk = whole.read(position, 24).order(order);
            String name = ChannelBytes.text(chunk, 0);
            long bytes = Integer.toUnsignedLong(chunk.getInt(4));
            if (name.equals("ID3 ") || name.equals("id3 ")) {
                add(names, position, whole);
            } else if (name.equals("ds64")) {
                wideDataBytes = chunk.getLong(16);
            } else if (name.equals("data") && bytes == 0xFFFFFFFFL) {
                bytes = wideDataBytes;
            }
            position = bytes < 0 ? -1 : position + 8 + bytes + bytes % 2;
        }
        return names;
    }

    private static void add(List<Long> names, long position, ChannelBytes whole) {
        if (names.size() == MOST_NAMES) {
            throw new AudioException(
                    whole.name(),
                    "holds more than " + MOST_NAMES + " ID3 tags; at most " + MOST_NAMES + " are expected");
        }
        names.add(position);
    }

    // Among the attributes of a WMA file, wherever they stand: FFmpeg does not end its search where the file says that
    // its header ends.
    private static List<Long> asfNames(ChannelBytes whole) throws IOException {
        List<Long> names = new ArrayList<>();
        for (long position = 0; position < whole.size(); position += SCAN_BYTES) {
            byte[] part = whole.read(position, SCAN_BYTES + ASF_NAME.length - 1).array();
            for (int i = 0; i < SCAN_BYTES; i++) {
                if (part[i] == 'I' && Arrays.equals(part, i, i + ASF_NAME.length, ASF_NAME, 0, ASF_NAME.length)) {
                    add(names, position + i, whole);
                }
            }
        }
        return names;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        long at = whole.position();
        int offset = target.position();
        int count = whole.read(target);
        for (long name : names) {
            if (name >= at && name < at + count) {
                target.put(offset + (int) (name - at), NO_NAME);
            }
        }
        return count;
    }

    @Override
    public long position() throws IOException {
        return whole.position() - start;
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        whole.position(start + position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return whole.size() - start;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return whole.isOpen();
    }

    @Override
    public void close() throws IOException {
        whole.close();
    }
}
