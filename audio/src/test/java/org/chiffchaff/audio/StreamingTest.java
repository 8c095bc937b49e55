package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long recordings, many recordings at once, and what is left behind by them. */
final class StreamingTest {
    private static final int RATE = 8000;
    private static final WindowSpec SPEC = WindowSpec.ofSeconds(RATE, 5, 0);

    // A sparse file: hours of silence take no room on the disk. One loud sample at its end makes it a recording.
    private static Path longRecording(Path folder, int seconds) throws IOException {
        Path file = folder.resolve("night.wav");
        long dataBytes = 2L * RATE * seconds;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(SoundFile.waveHeader(Coding.SIGNED_16, RATE, 1, dataBytes));
            channel.write(ByteBuffer.wrap(new byte[] {0, 0x40}), 44 + dataBytes - 2);
        }
        return file;
    }

    @Test
    void windowsOfALongRecordingComeOneByOne(@TempDir Path folder) throws Exception {
        int seconds = 6 * 3600; // 660 MiB of floats
        Path file = longRecording(folder, seconds);
        int count = 0;
        try (Windows windows = Windows.of(AudioSource.of(file), SPEC)) {
            for (; windows.hasNext(); count++) {
                windows.next();
                // What is read ahead is a packet, not the recording: nothing piles up.
                double ahead = windows.decodedSeconds() - 5 * (count + 1);
                assertTrue(ahead <= 5, "decoded " + ahead + " s ahead of window " + count);
            }
            assertEquals(seconds, windows.decodedSeconds());
        }
        assertEquals(seconds / 5, count);
    }

    @Test
    void aRecordingLeftEarlyIsLetGo(@TempDir Path folder) throws Exception {
        Path file = longRecording(folder, 3 * 3600);
        try (Windows windows = Windows.of(AudioSource.of(file), SPEC)) {
            windows.next();
        }
        Files.delete(file);
    }

    @Test
    void manyAtOnceAndFarMoreThanThreads() throws Exception {
        List<String> fixtures = List.of("tones.flac", "tones.mp3", "tones.ogg", "tones.opus", "tones.m4a");
        List<float[]> expected = fixtures.stream()
                .map(name -> Sound.decode(Sound.fixture(name), 32000))
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<float[]>> decoded = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                byte[] encoded = Sound.fixture(fixtures.get(i % fixtures.size()));
                decoded.add(threads.submit(() -> Sound.decode(encoded, 32000)));
            }
            for (int i = 0; i < decoded.size(); i++) {
                assertArrayEquals(
                        expected.get(i % expected.size()), decoded.get(i).get());
            }
        }
    }

    @Test
    void whatLiesInsideALargerBufferIsReadThere() {
        byte[] recording = Sound.fixture("tones.flac");
        ByteBuffer request = ByteBuffer.allocateDirect(recording.length + 20);
        request.position(7).put(recording).flip().position(7);
        AudioSource source = AudioSource.of("clip", request);
        assertArrayEquals(Sound.decode(recording, 16000), Sound.decode(source, 16000));
        assertArrayEquals(Sound.decode(recording, 16000), Sound.decode(source, 16000));
        assertEquals(7, request.position());
        assertEquals(7 + recording.length, request.limit());
    }

    @Test
    void manyOpenInOneThread() {
        List<PcmStream> open = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                open.add(PcmStream.open(AudioSource.of("clip " + i, Sound.fixture("tones.flac")), 16000));
            }
            float[] buffer = new float[100];
            for (PcmStream stream : open) {
                assertEquals(100, stream.read(buffer, 0, 100));
                assertEquals((float) Sound.tones(99 / 16000.0), buffer[99], 1e-4);
            }
        } finally {
            open.forEach(PcmStream::close);
        }
    }

    // In a process of its own whose Java heap cannot grow, since what is counted is the memory of the whole process.
    @Test
    void nothingNativeIsLeftBehind() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process rounds = new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xms48m",
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rounds.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String grown = new String(rounds.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, rounds.waitFor());
        assertTrue(Long.parseLong(grown) < 30, "the process has grown by " + grown + " MiB");
    }

    /**
     * Opens and closes decoders of good and bad recordings, and prints by how many MiB the process grew after the first
     * ones.
     */
    static final class Rounds {
        private Rounds() {}

        // A leak of one decoder, read buffer or resampler a round would be 40 MiB and more.
        public static void main(String[] arguments) {
            byte[] whole = Sound.fixture("tones.m4a");
            byte[] cut = Arrays.copyOf(whole, whole.length / 2);
            byte[] text = "no sound".repeat(1000).getBytes(StandardCharsets.UTF_8);
            long before = 0;
            for (int round = 0; round < 700; round++) {
                if (round == 300) {
                    before = Pointer.physicalBytes();
                }
                Sound.decode(whole, 32000);
                assertThrows(AudioException.class, () -> Sound.decode(cut, 32000));
                assertThrows(AudioException.class, () -> Sound.decode(text, 32000));
            }
            System.out.println((Pointer.physicalBytes() - before) >> 20);
        }
    }
}
