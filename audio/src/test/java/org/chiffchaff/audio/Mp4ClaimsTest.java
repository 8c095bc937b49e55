package org.chiffchaff.audio;

import static org.chiffchaff.audio.HostileFile.aac;
import static org.chiffchaff.audio.HostileFile.box;
import static org.chiffchaff.audio.HostileFile.ints;
import static org.chiffchaff.audio.HostileFile.join;
import static org.chiffchaff.audio.HostileFile.movieHeader;
import static org.chiffchaff.audio.HostileFile.soundEntry;
import static org.chiffchaff.audio.HostileFile.tables;
import static org.chiffchaff.audio.HostileFile.track;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that claim more than their file can hold are refused wherever FFmpeg would find them, and honest ones taken. */
final class Mp4ClaimsTest {
    private static final int MANY = 1_000_000;

    private static byte[] file(byte[]... boxes) {
        return join(box("ftyp", ints("M4A ", 0)), join(boxes), box("mdat", new byte[64]));
    }

    private static byte[] movie(byte[]... boxes) {
        return box("moov", movieHeader(), join(boxes));
    }

    private static void assertRefused(String reason, byte[] file) {
        AudioException error =
                assertThrows(AudioException.class, () -> PcmStream.open(AudioSource.of("clip", file), 16_000));
        assertEquals("clip: " + reason, error.getMessage());
    }

    private static void assertTooMany(byte[] file) {
        assertRefused(
                "its tables claim " + MANY + " samples or more; at most " + file.length / 5 + " are expected in "
                        + file.length + " bytes",
                file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"moov", "free", "hoov"})
    void whereverTheHeaderStands(String type) {
        byte[] track = track(tables(aac(), MANY, 1), 1);
        assertTooMany(file(box(type, movieHeader(), track)));
        assertTooMany(join(box("mdat", new byte[64]), box("ftyp", ints("qt  ", 0)), box(type, movieHeader(), track)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"udta", "meta", "ilst", "minf", "dinf", "edts"})
    void whereverTheTableStands(String type) {
        byte[] handler = box("hdlr", ints(0, 0, "mdir", 0, 0, 0, 0));
        byte[] sizes = box("stsz", ints(0, 1, MANY));
        byte[] content = type.equals("meta") ? join(ints(0), handler, sizes) : sizes;
        assertTooMany(file(movie(track(tables(aac(), 0, 1), 1), box(type, content))));
    }

    @Test
    void aTableInTheDescriptionOfTheSound() {
        byte[] entry = soundEntry("mp4a", box("stsz", ints(0, 1, MANY)));
        assertRefused(
                "has a table (stsz) in the description of its sound; beside it, it is expected",
                file(movie(track(tables(entry, 1, 1), 1))));
    }

    @Test
    void fragmentsFoundFromTheEnd() {
        byte[] list = box("mfra", box("tfra", ints(0, 1, 0, MANY), new byte[100]), box("mfro", ints(0, 0)));
        ByteBuffer.wrap(list).putInt(list.length - 4, list.length);
        byte[] hidden = join(box("ftyp", ints("iso5", 0)), movie(track(tables(aac(), 0, 1), 1)), box("mdat", list));
        assertRefused("its table tfra claims " + MANY + " entries; there is room for 9", hidden);
    }

    @Test
    void tablesLongerThanTheirBox() {
        byte[] times = box("stts", ints(0, 5, 1, 1024));
        assertRefused("its table stts claims 5 entries; there is room for 1", file(movie(track(times, 1))));
        byte[] sizes = box("stsz", ints(0, 0, 5, 10, 10));
        assertRefused("its table stsz claims 20 entries; there is room for 8", file(movie(track(sizes, 1))));
    }

    @Test
    void boxesThatDoNotAddUp() {
        byte[] broken = join(ints(4, "free"), new byte[16]);
        int position = 16 + 8 + movieHeader().length;
        assertRefused("has a box of 4 bytes at byte " + position + ", less than its header", file(movie(broken)));
        assertRefused(
                "has a track in a box udta; in a box moov it is expected",
                file(movie(box("udta", track(tables(aac(), 1, 1), 1)))));
    }

    @Test
    void moreThanTheLimitOfSoundCanHave() {
        byte[] file = file(movie(track(tables(aac(), 5000, 1), 1)), new byte[50_000]);
        AudioException error = assertThrows(
                AudioException.class,
                () -> PcmStream.open(
                        AudioSource.of("clip", file), 16_000, Channel.MIX, new DecodeLimits(10, () -> false)));
        assertEquals(
                "clip: its tables claim 5000 samples or more, which is more than 10.000 s of sound, the most that is"
                        + " decoded of one recording",
                error.getMessage());
    }

    @Test
    void samplesTimesEditsBeyondALong() {
        int edits = 1 << 16;
        byte[][] sizes = new byte[edits][];
        Arrays.fill(sizes, box("stsz", ints(0, 1, -1)));
        byte[] file = file(movie(track(join(sizes), edits)));
        assertRefused(
                "its tables claim " + (edits - 1L) * (1 << 30) + " samples or more; at most " + file.length / 5
                        + " are expected in " + file.length + " bytes",
                file);
    }

    @Test
    void moreBoxesThanARecordingHas() {
        ByteBuffer boxes = ByteBuffer.allocate(8_000_000);
        while (boxes.hasRemaining()) {
            boxes.put(box("free"));
        }
        assertRefused("has more than 1000000 boxes", file(boxes.array()));
    }

    // Nothing but the handler tells where the boxes within begin.
    @Test
    void theSearchForAHandlerEndsWithItsBox() throws Exception {
        byte[][] boxes = new byte[1000][];
        Arrays.fill(boxes, box("meta", new byte[1]));
        byte[] file = file(boxes);
        AtomicLong bytesRead = new AtomicLong();
        try (SeekableByteChannel encoded = EncodedBytes.open(AudioSource.of("clip", file))) {
            Mp4Claims.check("clip", counting(encoded, bytesRead), DecodeLimits.WEEK);
        }
        assertTrue(bytesRead.get() < 4L * file.length, bytesRead + " bytes read of " + file.length);
    }

    private static SeekableByteChannel counting(SeekableByteChannel encoded, AtomicLong bytesRead) {
        return (SeekableByteChannel) Proxy.newProxyInstance(
                SeekableByteChannel.class.getClassLoader(),
                new Class<?>[] {SeekableByteChannel.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(encoded, arguments);
                    bytesRead.addAndGet(method.getName().equals("read") ? Math.max(0, (int) result) : 0);
                    return result;
                });
    }

    // One sample a tick: far more samples than the bytes of a file allow compressed sound.
    @ParameterizedTest
    @CsvSource({"sowt, 2, ''", "ipcm, 2, '00000000 01 10'", "fpcm, 4, '00000000 01 20'"})
    void uncompressedSoundIsTaken(String coding, int sampleBytes, String configuration) {
        byte[] pcm = HexFormat.of().parseHex(configuration.replace(" ", ""));
        int samples = 16_000;
        byte[] tables = join(
                box("stsd", ints(0, 1), soundEntry(coding, pcm.length == 0 ? pcm : box("pcmC", pcm))),
                box("stts", ints(0, 1, samples, 1)),
                box("stsc", ints(0, 1, 1, samples, 1)),
                box("stsz", ints(0, sampleBytes, samples)),
                box("stco", ints(0, 1, 24)));
        ByteBuffer sound = ByteBuffer.allocate(sampleBytes * samples).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            if (sampleBytes == 4) {
                sound.putFloat(i % 64 / 128.0F);
            } else {
                sound.putShort((short) (i % 64 << 8));
            }
        }
        byte[] file = join(box("ftyp", ints("qt  ", 0)), box("mdat", sound.array()), movie(track(tables, 0)));
        float[] decoded = Sound.decode(file, 44_100);
        assertEquals(samples, decoded.length);
        assertEquals(5 / 128.0F, decoded[5]);
    }
}
