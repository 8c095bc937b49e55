package org.chiffchaff.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;

/**
 * Small files that claim much, or hold what becomes much: by the books on their containers, but for the claims. Longer
 * than other files because it is a list.
 */
final class HostileFile {
    private HostileFile() {}

    /** All of them, by what is wrong with them; each at most 4 MiB. */
    static Map<String, byte[]> all() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("mp4: 20 million samples", mp4(1, 20_000_000, 1));
        files.put("mp4: 20 million samples in each of ten tracks", mp4(10, 20_000_000, 1));
        files.put("mp4: 20 million samples, sizes of 64 bits", wideMp4(20_000_000));
        files.put("mp4: 20 million samples of a fragment", fragmentedMp4(20_000_000));
        files.put("mp4: 4000 edits that each play all of 30,000 samples", mp4(1, 30_000, 4000));
        files.put("mp4: 10,000 fragments of 300 tracks", manyFragments(300, 10_000));
        files.put("mp4: 4000 tracks", mp4(4000, 1, 1));
        files.put("mp4: a list of 100 million keys", manyKeys(100_000_000));
        files.put("mp4: a compressed header of 256 MiB", compressedMp4(256 << 20));
        files.put("matroska: 20,000 tracks", matroska(20_000));
        files.put("matroska: a value of 250 MiB", matroskaValue(250 << 20));
        files.put("matroska: 4 MiB of tags within tags", matroskaTags(50, 28_000));
        files.put("ogg: 20,000 streams", ogg(20_000));
        files.put("vorbis: 256 code books of 262,144 values", vorbis(256));
        files.put("wav: a format of 1 GiB", waveFormat(1 << 30));
        files.put("wav: compressed pictures", join(sineWave(), chunk("ID3 ", id3(8), true)));
        files.put("aiff: compressed pictures", aiffWith(chunk("ID3 ", id3(8), false)));
        files.put("caf: a million packets", caf(1_000_000));
        files.put("caf: a cookie of 1 GiB", cafCookie(1L << 30));
        files.put("flac: 60 pictures that claim 16 MiB", flacPictures(60));
        files.put("flac: 50,000 points to seek", flacSeekTable(50_000));
        files.put("mp3: compressed pictures", join(id3(8), Sound.fixture("tones.mp3")));
        files.put("mp3: a tag of 256 MiB", join(id3Header(0x0FFFFFFF), Sound.fixture("tones.mp3")));
        files.put("alac: frames of 16 million samples", alac(1 << 24));
        return files;
    }

    /** Tracks whose tables claim samples of one byte, each; and each with edits that play all of it. */
    static byte[] mp4(int tracks, int samples, int edits) {
        byte[][] all = new byte[tracks][];
        Arrays.fill(all, track(samples, edits, aac()));
        return join(box("ftyp", ints("M4A ", 0)), box("moov", movieHeader(), join(all)), box("mdat", new byte[64]));
    }

    private static byte[] wideMp4(int samples) {
        byte[] moov = join(movieHeader(), track(samples, 1, aac()));
        return join(box("ftyp", ints("M4A ", 0)), wideBox("moov", moov), wideBox("mdat", new byte[64]));
    }

    private static byte[] fragmentedMp4(int samples) {
        byte[] extends_ = box("mvex", box("trex", ints(0, 1, 1, 1024, 1, 0)));
        byte[] run = box("trun", ints(1, samples, 100));
        byte[] fragment = box("moof", box("mfhd", ints(0, 1)), box("traf", box("tfhd", ints(0, 1)), run));
        return join(
                box("ftyp", ints("iso5", 0)),
                box("moov", movieHeader(), track(0, 1, aac()), extends_),
                fragment,
                box("mdat", new byte[64]));
    }

    private static byte[] manyFragments(int tracks, int fragments) {
        byte[][] parts = new byte[fragments][];
        Arrays.fill(parts, box("moof"));
        return join(mp4(tracks, 0, 1), join(parts));
    }

    private static byte[] manyKeys(int keys) {
        byte[] handler = box("hdlr", ints(0, 0, "mdta", 0, 0, 0, 0));
        byte[] meta = box("meta", ints(0), handler, box("keys", ints(0, keys)));
        return join(
                box("ftyp", ints("M4A ", 0)),
                box("moov", movieHeader(), track(1, 1, aac()), meta),
                box("mdat", new byte[64]));
    }

    private static byte[] compressedMp4(int bytes) {
        byte[] moov = box("moov", box("cmov", box("dcom", ints("zlib")), box("cmvd", ints(bytes), deflated(bytes))));
        return join(box("ftyp", ints("qt  ", 0)), moov, box("mdat", new byte[64]));
    }

    private static byte[] alac(int frameSamples) {
        byte[] cookie = box(
                "alac", ints(0, frameSamples), new byte[] {0, 16, 40, 10, 14, 2, 0, (byte) 255}, ints(0, 0, 44_100));
        byte[] entry = soundEntry("alac", cookie);
        byte[] tables = tables(entry, 1, 1024);
        byte[] moov = box("moov", movieHeader(), track(tables, 1));
        byte[] mdat = new byte[1024];
        mdat[0] = 0x20;
        return join(box("ftyp", ints("M4A ", 0)), moov, box("mdat", mdat));
    }

    static byte[] movieHeader() {
        return box("mvhd", ints(0, 0, 0, 1000, 1000), new byte[80]);
    }

    private static byte[] track(int samples, int edits, byte[] soundEntry) {
        return track(tables(soundEntry, samples, 1), edits);
    }

    static byte[] track(byte[] tables, int edits) {
        ByteBuffer list = ByteBuffer.allocate(8 + 12 * edits).putInt(0).putInt(edits);
        for (int edit = 0; edit < edits; edit++) {
            list.putInt(0x7FFFFFF).putInt(0).putInt(0x10000);
        }
        return box(
                "trak",
                box("tkhd", ints(7, 0, 0, 1, 0, 1000), new byte[60]),
                box("edts", box("elst", list.array())),
                box(
                        "mdia",
                        box("mdhd", ints(0, 0, 0, 44_100, 44_100, 0)),
                        box("hdlr", ints(0, 0, "soun", 0, 0, 0, 0)),
                        box("minf", box("smhd", ints(0, 0)), box("stbl", tables))));
    }

    static byte[] tables(byte[] soundEntry, int samples, int sampleBytes) {
        return join(
                box("stsd", ints(0, 1), soundEntry),
                box("stts", ints(0, 1, samples, 1024)),
                box("stsc", ints(0, 1, 1, Math.max(1, samples), 1)),
                box("stsz", ints(0, sampleBytes, samples)),
                box("stco", ints(0, 1, 40)));
    }

    // MPEG-4 AAC LC, 44.1 kHz, one channel.
    static byte[] aac() {
        byte[] descriptor = {
            3, 25, 0, 1, 0, 4, 17, 0x40, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 2, 0x12, 0x08, 6, 1, 2
        };
        return soundEntry("mp4a", box("esds", ints(0), descriptor));
    }

    static byte[] soundEntry(String coding, byte[] configuration) {
        byte[] fields = join(ints(0, 1, 0, 0), ints(0x00010010, 0, 44_100 << 16));
        return box(coding, fields, configuration);
    }

    static byte[] box(String type, byte[]... parts) {
        byte[] content = join(parts);
        return join(ints(8 + content.length, type), content);
    }

    private static byte[] wideBox(String type, byte[] content) {
        return join(ints(1, type, 0, 16 + content.length), content);
    }

    private static byte[] matroska(int tracks) {
        // TrackNumber 1, TrackType sound, CodecID
        byte[] entry = element("AE", element("D7", 1), element("83", 2), element("86", ascii("A_VORBIS")));
        byte[][] entries = new byte[tracks][];
        Arrays.fill(entries, entry);
        return join(
                element("1A45DFA3", element("4282", ascii("matroska"))),
                element("18538067", element("1654AE6B", entries)));
    }

    private static byte[] matroskaTags(int tags, int tagsInEach) {
        byte[][] inner = new byte[tagsInEach][];
        Arrays.fill(inner, hex("67C880"));
        byte[][] outer = new byte[tags][];
        Arrays.fill(outer, element("7373", inner));
        return join(
                element("1A45DFA3", element("4282", ascii("matroska"))),
                element("18538067", element("1254C367", outer)));
    }

    /** One packet of mono sound at 8 kHz. */
    static byte[] matroskaSound(String coding, byte[] packet) {
        byte[] rate = ByteBuffer.allocate(4).putFloat(8000).array();
        byte[] entry = element(
                "AE",
                element("D7", 1),
                element("83", 2),
                element("86", ascii(coding)),
                element("E1", element("B5", rate), element("9F", 1), element("6264", 16)));
        byte[] block = join(new byte[] {(byte) 0x81, 0, 0, 0}, packet);
        return join(
                element("1A45DFA3", element("4282", ascii("matroska"))),
                element(
                        "18538067",
                        element("1654AE6B", entry),
                        element("1F43B675", element("E7", 0), element("A3", block))));
    }

    private static byte[] matroskaValue(int bytes) {
        byte[] secret = join(hex("63A2"), hex("1%07X".formatted(bytes))); // CodecPrivate
        byte[] entry = join(
                hex("AE01FFFFFFFFFFFFFF"),
                element("D7", 1),
                element("83", 2),
                element("86", ascii("A_VORBIS")),
                secret);
        return join(
                element("1A45DFA3", element("4282", ascii("matroska"))),
                hex("1853806701FFFFFFFFFFFFFF"),
                hex("1654AE6B01FFFFFFFFFFFFFF"),
                entry);
    }

    private static byte[] element(String identifier, int value) {
        return element(identifier, new byte[] {(byte) value});
    }

    private static byte[] element(String identifier, byte[]... parts) {
        byte[] content = join(parts);
        return join(hex(identifier), hex("1%07X".formatted(content.length)), content);
    }

    // Pages that each begin a stream of their own.
    private static byte[] ogg(int streams) {
        byte[][] pages = new byte[streams][];
        byte[] head = join(ascii("OpusHead"), new byte[] {1, 1, 0, 0}, ints(0x80BB0000, 0));
        for (int stream = 0; stream < streams; stream++) {
            pages[stream] = oggPage(stream, Arrays.copyOf(head, 19));
        }
        return join(pages);
    }

    private static byte[] oggPage(int stream, byte[] packet) {
        ByteBuffer page = ByteBuffer.allocate(27 + packet.length / 255 + 1 + packet.length);
        page.order(ByteOrder.LITTLE_ENDIAN)
                .put(ascii("OggS"))
                .put((byte) 0)
                .put((byte) 2)
                .putLong(0);
        page.putInt(stream).putInt(0).putInt(0).put((byte) (packet.length / 255 + 1));
        for (int rest = packet.length; rest >= 0; rest -= 255) {
            page.put((byte) Math.min(rest, 255));
        }
        page.put(packet).putInt(22, oggChecksum(page.array()));
        return page.array();
    }

    private static int oggChecksum(byte[] page) {
        int register = 0;
        for (byte value : page) {
            register ^= value << 24;
            for (int bit = 0; bit < 8; bit++) {
                register = register << 1 ^ (register < 0 ? 0x04C11DB7 : 0);
            }
        }
        return register;
    }

    // code books of 16,384 entries in 16 dimensions, described in 20 bytes each (Vorbis I, chapter 3).
    private static byte[] vorbis(int books) {
        BitSet bits = new BitSet();
        int length = 0;
        length = write(bits, length, books - 1, 8);
        length = writeSparseBook(bits, length);
        for (int book = 1; book < books; book++) {
            length = write(bits, length, 0x564342, 24);
            length = write(bits, length, 16, 16);
            length = write(bits, length, 16_384, 24);
            length = write(bits, length, 1, 1); // lengths in order:
            length = write(bits, length, 13, 5); // 14 bits,
            length = write(bits, length, 16_384, 15); // all of them
            length = write(bits, length, 1, 4); // values in a lattice
            length = write(bits, length, 0, 32);
            length = write(bits, length, 0x60000000, 32);
            length = write(bits, length, 0, 4); // of one bit
            length = write(bits, length, 0, 1);
            length = write(bits, length, 0, 1);
        }
        byte[] setup = join(new byte[] {5}, ascii("vorbis"), Arrays.copyOf(bits.toByteArray(), length / 8 + 100));
        byte[] first = ByteBuffer.allocate(30)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .put(ascii("vorbis"))
                .putInt(0)
                .put((byte) 1)
                .putInt(8000)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .put((byte) 0xB8)
                .put((byte) 1)
                .array();
        byte[] comment = join(new byte[] {3}, ascii("vorbis"), new byte[8], new byte[] {1});
        byte[] secret = join(new byte[] {2, 30, (byte) comment.length}, first, comment, setup);
        byte[] rate = ByteBuffer.allocate(4).putFloat(8000).array();
        byte[] entry = element(
                "AE",
                element("D7", 1),
                element("83", 2),
                element("86", ascii("A_VORBIS")),
                element("63A2", secret),
                element("E1", element("B5", rate), element("9F", 1)));
        byte[] cluster =
                element("1F43B675", element("E7", 0), element("A3", new byte[] {(byte) 0x81, 0, 0, 0, 0, 0, 0}));
        return join(
                element("1A45DFA3", element("4282", ascii("matroska"))),
                element("18538067", element("1654AE6B", entry), cluster));
    }

    // Four entries, of which the third is not used; no values.
    private static int writeSparseBook(BitSet bits, int start) {
        int length = write(bits, start, 0x564342, 24);
        length = write(bits, length, 1, 16);
        length = write(bits, length, 4, 24);
        length = write(bits, length, 0b10, 2);
        for (int codeBits : new int[] {1, 2, 0, 2}) {
            length = codeBits == 0 ? write(bits, length, 0, 1) : write(bits, length, (codeBits - 1) << 1 | 1, 6);
        }
        return write(bits, length, 0, 4);
    }

    private static int write(BitSet bits, int length, long value, int count) {
        for (int bit = 0; bit < count; bit++) {
            bits.set(length + bit, (value >> bit & 1) == 1);
        }
        return length + count;
    }

    private static byte[] sineWave() {
        return SoundFile.wave(SoundFile.Coding.SIGNED_16, 8000, 1, 8000, SoundFile.sine(440, 0.5, 8000));
    }

    private static byte[] waveFormat(int bytes) {
        byte[] file = sineWave();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(16, bytes);
        return file;
    }

    private static byte[] chunk(String type, byte[] content, boolean littleEndian) {
        int size = littleEndian ? Integer.reverseBytes(content.length) : content.length;
        return join(ints(type, size), content, new byte[content.length % 2]);
    }

    private static byte[] aiffWith(byte[] chunk) {
        byte[] file = SoundFile.aiff(8000, 8000, SoundFile.sine(440, 0.5, 8000));
        byte[] whole = join(Arrays.copyOf(file, 12), chunk, Arrays.copyOfRange(file, 12, file.length));
        return ByteBuffer.wrap(whole).putInt(4, whole.length - 8).array();
    }

    private static byte[] caf(int packets) {
        byte[] file = Arrays.copyOf(SoundFile.caf(8000, 8, frame -> 0.5), 52);
        ByteBuffer.wrap(file).put(28, ascii("alac")).putInt(36, 0).putInt(40, 4096);
        byte[] table = new byte[packets];
        Arrays.fill(table, (byte) 1);
        byte[] header = join(ints("pakt", 0, 24 + packets), ints(0, packets, 0, 100_000, 0, 0));
        return join(file, header, table, join(ints("data", 0, 4 + 64), new byte[68]));
    }

    private static byte[] cafCookie(long bytes) {
        byte[] file = SoundFile.caf(8000, 8000, frame -> 0.5);
        byte[] cookie =
                ByteBuffer.allocate(12).put(ascii("kuki")).putLong(bytes).array();
        return join(Arrays.copyOf(file, 52), cookie, Arrays.copyOfRange(file, 52, file.length));
    }

    private static byte[] flacPictures(int pictures) {
        byte[] whole = Sound.fixture("tones.flac");
        byte[] picture = join(ints(3, 9, "imag", "e/pn"), ascii("g"), ints(0, 16, 16, 24, 0, 0xFFFF00));
        byte[] block = join(new byte[] {6, 0, 0, (byte) picture.length}, picture);
        byte[][] blocks = new byte[pictures][];
        Arrays.fill(blocks, block);
        return join(Arrays.copyOf(whole, 42), join(blocks), Arrays.copyOfRange(whole, 42, whole.length));
    }

    private static byte[] flacSeekTable(int points) {
        byte[] whole = Sound.fixture("tones.flac");
        int bytes = 18 * points;
        byte[] header = {3, (byte) (bytes >> 16), (byte) (bytes >> 8), (byte) bytes};
        return join(Arrays.copyOf(whole, 42), header, new byte[bytes], Arrays.copyOfRange(whole, 42, whole.length));
    }

    // ID3 2.4: pictures of 100 MiB each, of which zlib makes 100 KiB.
    static byte[] id3(int pictures) {
        int bytes = 100 << 20;
        byte[] deflated = picture(bytes);
        byte[] frame = join(ascii("APIC"), sevenBits(4 + deflated.length), new byte[] {0, 9}, ints(bytes), deflated);
        byte[][] frames = new byte[pictures][];
        Arrays.fill(frames, frame);
        byte[] content = join(frames);
        return join(id3Header(content.length), content);
    }

    private static byte[] id3Header(int bytes) {
        return join(new byte[] {'I', 'D', '3', 4, 0, 0}, sevenBits(bytes));
    }

    private static byte[] sevenBits(int value) {
        return ints(((value & 0x0FE00000) << 3) | ((value & 0x1FC000) << 2) | ((value & 0x3F80) << 1) | (value & 0x7F));
    }

    private static byte[] picture(int bytes) {
        return deflated(join(new byte[] {0}, ascii("image/png"), new byte[] {0, 3, 0}, ints(0x89504E47)), bytes);
    }

    private static byte[] deflated(int bytes) {
        return deflated(new byte[0], bytes);
    }

    private static byte[] deflated(byte[] start, int bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[1 << 20];
        byte[] out = new byte[1 << 16];
        for (int done = 0; done < bytes; done += part.length) {
            deflater.setInput(done == 0 ? Arrays.copyOf(start, part.length) : part);
            while (!deflater.needsInput()) {
                all.write(out, 0, deflater.deflate(out));
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            all.write(out, 0, deflater.deflate(out));
        }
        deflater.end();
        return all.toByteArray();
    }

    // Big-endian words, and texts of four letters.
    static byte[] ints(Object... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (Object value : values) {
            if (value instanceof Integer word) {
                bytes.putInt(word);
            } else {
                bytes.put(ascii((String) value));
            }
        }
        return bytes.array();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
