package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Holds what the tables of an MP4 or QuickTime file claim against the file's size (ISO/IEC 14496-12, chapter 8). FFmpeg
 * believes them when it opens the file: it makes an index of some 100 bytes a sample, of samples that take no byte of
 * the file to claim. What FFmpeg would take for a table anywhere in the file is looked at here before.
 */
final class Mp4Claims {
    // A sample takes 4 bytes of a table and at least 1 of sound; silence in AAC takes 8 altogether.
    private static final int LEAST_SAMPLE_BYTES = 5;

    // A day and more of AAC at 48 kHz.
    private static final long MOST_SAMPLES = 5_000_000;

    // Of AAC at 96 kHz there are 94 samples a second, of all else fewer.
    private static final int MOST_SAMPLES_PER_SECOND = 100;

    // FFmpeg puts at least so many of uncompressed sound together.
    private static final int LEAST_PACKET_SAMPLES = 160;

    // Refused in any case, and a product of two is still a long.
    private static final long BEYOND_ANY = 1L << 30;

    // A day in fragments of a second has 700,000.
    private static final int MOST_BOXES = 1_000_000;

    private static final int DEEPEST = 10; // FFmpeg's own limit
    private static final int MOST_DESCRIPTION_BYTES = 1 << 20;

    private static final Set<String> CONTAINERS = Set.of(
            "moov", "trak", "edts", "mdia", "minf", "dinf", "stbl", "udta", "ilst", "mvex", "moof", "traf", "wave",
            "sinf", "schi", "iprp", "ipco", "tref", "mfra");
    private static final Set<String> UNCOMPRESSED = Set.of(
            "raw ", "twos", "sowt", "NONE", "in24", "in32", "fl32", "fl64", "lpcm", "ulaw", "alaw", "ima4", "MAC3",
            "MAC6", "ipcm", "fpcm");
    private static final Map<String, Table> TABLES = Map.ofEntries(
            Map.entry("stts", new Table(4, 8)),
            Map.entry("ctts", new Table(4, 8)),
            Map.entry("stsc", new Table(4, 12)),
            Map.entry("stco", new Table(4, 4)),
            Map.entry("co64", new Table(4, 8)),
            Map.entry("stss", new Table(4, 4)),
            Map.entry("stps", new Table(4, 4)),
            Map.entry("elst", new Table(4, 12)),
            Map.entry("keys", new Table(4, 8)),
            Map.entry("sbgp", new Table(8, 8)),
            Map.entry("tfra", new Table(12, 11)));
    private static final Set<String> COUNTED = Set.of("stsz", "stz2", "trun", "sidx", "moof", "cmov");
    private static final int[] TABLE_TYPES = Stream.concat(TABLES.keySet().stream(), COUNTED.stream())
            .mapToInt(Mp4Claims::type)
            .sorted()
            .toArray();
    private static final int HANDLER = type("hdlr");

    private final ChannelBytes encoded;
    private final long fileBytes;

    private long samples; // or what takes as much memory
    private int boxes;
    private int tracks;
    private Track track = new Track();

    /** A table of a full box: where its count stands and how long an entry is, at least. */
    private record Table(int countOffset, int entryBytes) {}

    /** A box's content, as far as it is in the file. */
    private record Box(String type, long start, long end) {
        long bytes() {
            return end - start;
        }
    }

    /** What the tables of one track have claimed so far. */
    private static final class Track {
        long samples;
        long chunks;
        long mostChunkSamples;
        long edits;
        int timeTables;
        boolean ticking; // one sample a tick
        boolean sound;
        boolean pictures;
        boolean uncompressed;

        void handle(String kind) {
            sound |= kind.equals("soun");
            pictures |= kind.equals("vide") || kind.equals("subp");
        }

        long indexEntries() {
            boolean grouped = sound && !pictures && uncompressed && ticking && timeTables == 1;
            long once =
                    grouped ? Math.min(chunks, BEYOND_ANY) * (1 + mostChunkSamples / LEAST_PACKET_SAMPLES) : samples;
            // Each edit may play all of the track; one or two, of which one is silence, do not.
            return Math.min(once, BEYOND_ANY) * Math.clamp(edits - 1, 1, BEYOND_ANY);
        }
    }

    private Mp4Claims(ChannelBytes encoded) throws IOException {
        this.encoded = encoded;
        this.fileBytes = encoded.size();
    }

    /**
     * Looks at all tables. Leaves the channel where it was.
     *
     * @param limits how much sound may be decoded; cancellation is looked at before every read
     * @throws AudioException where a table claims more than there can be
     */
    static void check(String name, SeekableByteChannel encoded, DecodeLimits limits) throws IOException {
        long position = encoded.position();
        Mp4Claims claims = new Mp4Claims(new ChannelBytes(name, encoded, limits));
        claims.walk(new Box("file", 0, claims.fileBytes), 0);
        claims.walkEnd();
        claims.endTrack();
        encoded.position(position);
    }

    private void walk(Box parent, int depth) throws IOException {
        long position = parent.start();
        while (position + 8 <= parent.end() && depth <= DEEPEST) {
            boxes++;
            require(boxes <= MOST_BOXES, "has more than " + MOST_BOXES + " boxes");
            ByteBuffer header = encoded.read(position, 16);
            long bytes = Integer.toUnsignedLong(header.getInt(0));
            int headerBytes = bytes == 1 ? 16 : 8;
            bytes = bytes == 1 ? header.getLong(8) : bytes == 0 ? parent.end() - position : bytes;
            if (bytes < headerBytes) {
                // FFmpeg goes on somewhere behind it, at the top it ends.
                require(depth == 0, "has a box of " + bytes + " bytes at byte " + position + ", less than its header");
                return;
            }
            long end = bytes > parent.end() - position ? parent.end() : position + bytes;
            visit(new Box(ChannelBytes.text(header, 4), Math.min(position + headerBytes, end), end), parent, depth);
            position = end;
        }
    }

    // Where fragments begin is told at the end, and found from there.
    private void walkEnd() throws IOException {
        long start = fileBytes
                - Integer.toUnsignedLong(
                        encoded.read(Math.max(0, fileBytes - 4), 4).getInt(0));
        if (start >= 0 && ChannelBytes.text(encoded.read(start, 8), 4).equals("mfra")) {
            walk(new Box("mfra", start + 8, fileBytes), 1);
        }
    }

    private void visit(Box box, Box parent, int depth) throws IOException {
        switch (box.type()) {
            case "trak" -> beginTrack(parent);
            case "hdlr" -> track.handle(ChannelBytes.text(start(box), 8));
            case "stsd" -> readDescription(box);
            case "stsz" -> readSizes(box, 32);
            case "stz2" -> readSizes(box, start(box).get(7));
            case "trun" -> readRun(box);
            case "sidx" -> add((long) tracks * box.bytes() / 12);
            case "moof" -> add(tracks);
            case "cmov" -> throw failure("has a compressed header (cmov); one that is not is expected");
            default -> readTable(box);
        }
        if (CONTAINERS.contains(box.type()) || isHiddenHeader(box)) {
            walk(box, depth + 1);
        } else if (box.type().equals("meta")) {
            walk(afterVersion(box), depth + 1);
        }
    }

    private void beginTrack(Box parent) {
        require(
                Set.of("file", "moov", "free", "hoov").contains(parent.type()),
                "has a track in a box " + parent.type() + "; in a box moov it is expected");
        endTrack();
        tracks++;
    }

    private void endTrack() {
        add(track.indexEntries());
        track = new Track();
    }

    private void add(long claimed) {
        samples += claimed;
        double mostSeconds = encoded.limits().mostSeconds();
        long mostOfFile = Math.min(MOST_SAMPLES, fileBytes / LEAST_SAMPLE_BYTES);
        require(
                samples <= mostOfFile,
                "its tables claim " + samples + " samples or more; at most " + mostOfFile + " are expected in "
                        + fileBytes + " bytes");
        require(
                samples <= mostSeconds * MOST_SAMPLES_PER_SECOND,
                "its tables claim " + samples + " samples or more, which is more than " + PcmStream.seconds(mostSeconds)
                        + " of sound, the most that is decoded of one recording");
    }

    private void readTable(Box box) throws IOException {
        Table table = TABLES.get(box.type());
        if (table == null) {
            return;
        }
        ByteBuffer start = start(box);
        // A group's version 1 has one number more before the count.
        int countOffset = table.countOffset() + (box.type().equals("sbgp") && start.get(0) == 1 ? 4 : 0);
        long count = Integer.toUnsignedLong(start.getInt(countOffset));
        requireRoom(box, count, countOffset + 4, table.entryBytes());
        switch (box.type()) {
            case "stts" -> {
                track.timeTables++;
                track.ticking = count == 1 && start.getInt(12) == 1;
            }
            case "stco", "co64" -> track.chunks += count;
            case "stsc" -> readChunks(box, count);
            case "elst" -> track.edits += count;
            case "tfra" -> add(count * tracks);
            default -> {}
        }
    }

    private void readChunks(Box box, long count) throws IOException {
        for (long entry = 0; entry < count; entry++) {
            ByteBuffer chunk = encoded.read(box.start() + 8 + 12 * entry, 12);
            track.mostChunkSamples = Math.max(track.mostChunkSamples, Integer.toUnsignedLong(chunk.getInt(4)));
        }
    }

    private void readSizes(Box box, int bits) throws IOException {
        ByteBuffer start = start(box);
        long count = Integer.toUnsignedLong(start.getInt(8));
        boolean oneSize = box.type().equals("stsz") && start.getInt(4) != 0;
        if (!oneSize) {
            requireRoom(box, count * bits / 8, 12, 1);
        }
        track.samples += count;
    }

    // How each sample of a fragment is described, by four of the flags.
    private void readRun(Box box) throws IOException {
        ByteBuffer start = start(box);
        int entryBytes = 4 * Integer.bitCount(start.getInt(0) & 0xF00);
        long count = Integer.toUnsignedLong(start.getInt(4));
        requireRoom(box, count, 8, entryBytes);
        add(count);
    }

    // FFmpeg finds boxes within an entry, too; in an honest one there are no tables.
    private void readDescription(Box box) throws IOException {
        require(
                box.bytes() <= MOST_DESCRIPTION_BYTES,
                "describes its sound in " + box.bytes() + " bytes; at most " + MOST_DESCRIPTION_BYTES
                        + " are expected");
        ByteBuffer all = encoded.read(box.start(), (int) Math.max(16, box.bytes()));
        track.uncompressed = all.getInt(4) == 1 && UNCOMPRESSED.contains(ChannelBytes.text(all, 12));
        for (int offset = 0; offset + 4 <= all.capacity(); offset++) {
            if (Arrays.binarySearch(TABLE_TYPES, all.getInt(offset)) >= 0) {
                throw failure("has a table (" + ChannelBytes.text(all, offset)
                        + ") in the description of its sound; beside it, it is expected");
            }
        }
    }

    private void requireRoom(Box box, long count, long headerBytes, int entryBytes) {
        long room = entryBytes == 0 ? count : Math.max(0, box.bytes() - headerBytes) / entryBytes;
        require(count <= room, "its table " + box.type() + " claims " + count + " entries; there is room for " + room);
    }

    private ByteBuffer start(Box box) throws IOException {
        return encoded.read(box.start(), 16);
    }

    // FFmpeg takes a header for one that a writer has struck out.
    private boolean isHiddenHeader(Box box) throws IOException {
        return Set.of("free", "hoov").contains(box.type())
                && Set.of("mvhd", "cmov").contains(ChannelBytes.text(start(box), 4));
    }

    // QuickTime has no version before the first box, which is "hdlr"; ISO has one.
    private Box afterVersion(Box box) throws IOException {
        int mostBlockBytes = 1 << 16;
        for (long start = box.start(); start < box.end(); start += mostBlockBytes) {
            ByteBuffer block = encoded.read(start, (int) Math.min(mostBlockBytes, box.end() - start));
            for (int offset = 0; offset + 4 <= block.capacity(); offset += 4) {
                if (block.getInt(offset) == HANDLER) {
                    return new Box(box.type(), Math.max(box.start(), start + offset - 4), box.end());
                }
            }
        }
        return new Box(box.type(), box.end(), box.end());
    }

    private static int type(String letters) {
        return ByteBuffer.wrap(letters.getBytes(StandardCharsets.US_ASCII)).getInt();
    }

    private void require(boolean condition, String complaint) {
        if (!condition) {
            throw failure(complaint);
        }
    }

    private AudioException failure(String reason) {
        return new AudioException(encoded.name(), reason);
    }
}
