package org.chiffchaff.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.models.TestBundles;
import org.chiffchaff.serving.IdentifyServer;
import org.chiffchaff.serving.Recordings;
import org.chiffchaff.serving.ServerConfig;
import org.chiffchaff.v1.IdentifyRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole way: command line, a real server with a real model, and back. */
@Timeout(60)
class IdentifyCommandTest {
    private static final int MAX_RECORDING_BYTES = 1 << 20;

    @TempDir
    private static Path models;

    private static ModelBundle bundle;
    private static IdentifyServer server;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        bundle = ModelBundle.open(TestBundles.write(models, "birds", "1.0.0"), 1);
        server = new IdentifyServer(
                bundle,
                new ServerConfig(
                        "127.0.0.1", 0, OptionalInt.empty(), 2, 64, MAX_RECORDING_BYTES, Duration.ofSeconds(10)));
    }

    @AfterAll
    static void stop() {
        server.close();
        bundle.close();
    }

    private int identify(String... options) {
        return identify(server.port(), options);
    }

    private int identify(int port, String... options) {
        String[] words = Stream.concat(Stream.of("identify", "--server", "127.0.0.1:" + port), Stream.of(options))
                .toArray(String[]::new);
        return Chiffchaff.run(new PrintWriter(out), new PrintWriter(err), words);
    }

    private String recording(String name, double seconds) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, Recordings.tone(seconds)).toString();
    }

    @Test
    void csvHasTheNeighboursColumnsInTheOrderOfTheFiles() throws IOException {
        recording("b, second.wav", 1);
        recording("a.wav", 2.6);
        recording("sub/c.wav", 1);
        int code = identify("--format", "csv", "--top-k", "1", "--min-confidence", "0", folder.toString());
        assertEquals(Chiffchaff.OK, code, err::toString);
        List<String> lines = out.toString().lines().toList();
        assertEquals("Start (s),End (s),Scientific name,Common name,Confidence,File,Warning,Channel", lines.getFirst());
        assertEquals(6, lines.size(), out::toString);
        assertTrue(lines.get(1).matches("0\\.0,1\\.0,.*,0\\.\\d{4},.*/a\\.wav,,mix"), lines.get(1));
        assertTrue(lines.get(3).matches("1\\.6,2\\.6,.*,0\\.\\d{4},.*/a\\.wav,,mix"), lines.get(3));
        assertTrue(lines.get(4).endsWith(",\"" + folder + "/b, second.wav\",,mix"), lines.get(4));
        assertTrue(lines.get(5).endsWith("/sub/c.wav,,mix"), lines.get(5));
        assertEquals("", err.toString());
    }

    @Test
    void jsonIsOneObjectALine() throws IOException {
        String first = recording("a.wav", 2);
        String second = recording("b.wav", 1);
        assertEquals(Chiffchaff.OK, identify("--format", "json", "--min-confidence", "0", first, second));
        List<JsonNode> recordings =
                out.toString().lines().map(JsonMapper.shared()::readTree).toList();
        assertEquals(2, recordings.size());
        JsonNode answer = recordings.getFirst();
        assertEquals(first, answer.get("file").asString());
        assertEquals(2.0, answer.get("duration_seconds").asDouble());
        assertEquals(2, answer.get("windows").asInt());
        assertEquals("birds", answer.get("model").asString());
        assertEquals("1.0.0", answer.get("model_version").asString());
        assertEquals(3, answer.get("ranking").size());
        assertEquals(6, answer.get("detections").size());
        assertEquals(
                List.of("start_seconds", "end_seconds", "label", "scientific_name", "common_name", "confidence"),
                List.copyOf(answer.get("detections").get(0).propertyNames()));
    }

    @Test
    void theTableFitsAScreen() throws IOException {
        String lengthy = recording("a-recorder-with-a-very-long-name/2026-05-01-dawn-chorus.wav", 2);
        assertEquals(Chiffchaff.OK, identify("--min-confidence", "0", lengthy));
        List<String> lines = out.toString().lines().toList();
        assertEquals(
                "RECORDING                               LENGTH  SPECIES                                        SCORE",
                lines.getFirst());
        assertEquals(4, lines.size());
        assertTrue(lines.get(1).matches("\u2026.{20}dawn-chorus\\.wav      0:02  .* +\\d+ %"), lines.get(1));
        assertTrue(lines.stream().allMatch(line -> line.length() <= 100), out::toString);
        assertEquals(Chiffchaff.OK, identify("--min-confidence", "1", lengthy));
        assertTrue(out.toString().endsWith("nothing above 100 %\n"), out::toString);
    }

    @Test
    void failuresComeLastAndStopNothing() throws IOException {
        String text = Files.writeString(folder.resolve("a-text.wav"), "not a sound, however long it may be\n".repeat(9))
                .toString();
        String large = recording("b-large.wav", 100);
        String missing = folder.resolve("c-missing.wav").toString();
        String good = recording("d-good.wav", 1);
        int code = identify("--format", "json", text, large, missing, good);
        assertEquals(Chiffchaff.FAILED, code);
        assertEquals(1, out.toString().lines().count(), out::toString);
        assertTrue(out.toString().contains("d-good.wav"));
        List<String> lines = err.toString().lines().toList();
        assertEquals("3 failed:", lines.get(0));
        assertEquals("  " + missing + ": there is no such file or folder", lines.get(1));
        assertTrue(lines.get(2).startsWith("  " + text + ": "), lines.get(2));
        assertEquals(
                "  " + large + ": 1.5 MiB are more than the server takes, 1.0 MiB; start the server with"
                        + " --max-recording-mib 2, or send FLAC: it takes a third to a half of a WAV",
                lines.get(3));
        assertEquals(4, lines.size(), err::toString);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no mkfifo
    void whatAFolderHoldsBesideRecordingsIsNamed() throws Exception {
        recording("night/good.wav", 1);
        Path night = folder.resolve("night");
        Files.writeString(night.resolve("notes.txt"), "A wren, from the hedge, until nine.\n".repeat(9));
        Files.createSymbolicLink(night.resolve("gone.wav"), folder.resolve("nowhere.wav"));
        Files.createSymbolicLink(night.resolve("back"), folder);
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", night.resolve("pipe.wav").toString())
                        .start()
                        .waitFor());
        assertEquals(Chiffchaff.OK, identify("--format", "json", folder.toString()), err::toString);
        assertEquals(1, out.toString().lines().count(), out::toString);
        assertEquals("""
                left out: not audio 1, links that lead nowhere 1, links to a folder searched already 1, pipes, sockets or devices 1
                  NIGHT/back: a link to FOLDER, which is searched already
                  NIGHT/gone.wav: a link that leads nowhere
                  NIGHT/notes.txt: its content is no audio format that FFmpeg knows; WAV, FLAC, MP3, Ogg, Opus, M4A, AAC, AIFF, Wave64, CAF, AU, AMR, 3GP, WebM, WavPack or WMA is expected
                  NIGHT/pipe.wav: a pipe, a socket or a device
                """.replace("NIGHT", night.toString()).replace("FOLDER", folder.toString()), err.toString());
    }

    @Test
    void aFolderWithoutRecordingsIsAFailure() {
        assertEquals(Chiffchaff.FAILED, identify(folder.toString()));
        assertEquals("1 failed:\n  " + folder + ": no recordings in this folder\n", err.toString());
    }

    @Test
    void aServerThatIsNotThereIsNamedOnce() throws IOException {
        recording("a.wav", 1);
        recording("b.wav", 1);
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        int code = Chiffchaff.run(
                new PrintWriter(out),
                new PrintWriter(err),
                "identify",
                "--server",
                "127.0.0.1:" + free,
                folder.toString());
        assertEquals(Chiffchaff.FAILED, code);
        assertEquals("", out.toString());
        assertEquals(
                "chiffchaff: No server answers at 127.0.0.1:" + free
                        + " (io exception); start one with: chiffchaff serve --model DIR\n",
                err.toString());
    }

    @Test
    void aBusyServerIsAskedAgainAndCostsNoMoreThanTheFile() throws Exception {
        String file = recording("a.wav", 1);
        try (IdentifyServer small = new IdentifyServer(
                        bundle,
                        new ServerConfig("127.0.0.1", 0, OptionalInt.empty(), 1, 1, 64 << 20, Duration.ofSeconds(10)));
                Load load = new Load(small.port(), 2)) {
            assertEquals(Chiffchaff.FAILED, identify(small.port(), "--format", "csv", "--timeout", "1", file));
            assertEquals(
                    "1 failed:\n  " + file + ": the server was busy for 1 s (All 2 places for recordings at work and"
                            + " waiting are taken; try again later)\n",
                    err.toString());
            assertEquals(
                    "Start (s),End (s),Scientific name,Common name,Confidence,File,Warning,Channel\n", out.toString());
            load.endSoon();
            assertEquals(Chiffchaff.OK, identify(small.port(), file), err::toString);
        }
    }

    @Test
    void impossibleOptionsAreWrongUsage() throws IOException {
        String file = recording("a.wav", 1);
        assertEquals(Chiffchaff.WRONG_USAGE, identify("--min-confidence", "NaN", file));
        assertEquals(
                "chiffchaff: Invalid value for option '--min-confidence': NaN; expected 0 to 1"
                        + " (see chiffchaff identify --help)\n",
                err.toString());
        assertEquals(Chiffchaff.WRONG_USAGE, identify("--format", "xml", file));
        err.getBuffer().setLength(0);
        assertEquals(Chiffchaff.WRONG_USAGE, identify("--overlap", "0.95", file));
        assertEquals(
                "chiffchaff: Invalid value for option '--overlap': 0.95; expected at most 0.9, as the model's windows have"
                        + " 1.0 s and move on by 0.1 s or more (see chiffchaff identify --help)\n",
                err.toString());
        err.getBuffer().setLength(0);
        assertEquals(Chiffchaff.WRONG_USAGE, identify("--ignore", "noise", "--ignore", "Blackbird", file));
        assertEquals(
                "chiffchaff: Invalid value for option '--ignore': Blackbird; birds knows no such species; the closest is"
                        + " 'Common Blackbird' (see chiffchaff identify --help)\n",
                err.toString());
        err.getBuffer().setLength(0);
        assertEquals(Chiffchaff.WRONG_USAGE, identify("--channel", "centre", file));
        assertEquals(
                "chiffchaff: Invalid value for option '--channel': channel is 'centre'; mix, left, right, each or a number"
                        + " from 1 to 64 is expected (see chiffchaff identify --help)\n",
                err.toString());
        assertEquals("", out.toString());
    }

    private String stereo(String name) throws IOException {
        byte[] high = Recordings.of(1, seconds -> 0.6 * Math.sin(2 * Math.PI * 3_000 * seconds));
        return Files.write(folder.resolve(name), Recordings.stereo(Recordings.silence(1), high))
                .toString();
    }

    @Test
    void eachChannelIsAnsweredByItsName() throws IOException {
        String mono = recording("a.wav", 1);
        String stereo = stereo("b.wav");
        for (String format : List.of("json", "csv", "table")) {
            String[] options = {"--channel", "each", "--format", format, "--top-k", "1", "--min-confidence", "0"};
            String[] files = {mono, stereo};
            int code = identify(Stream.of(options, files).flatMap(Stream::of).toArray(String[]::new));
            assertEquals(Chiffchaff.FAILED, code, "the left channel is silent");
        }
        List<String> lines = out.toString().lines().toList();
        JsonNode left = JsonMapper.shared().readTree(lines.getFirst());
        assertEquals(
                List.of(mono, "1"),
                List.of(left.get("file").asString(), left.get("channel").asString()));
        JsonNode right = JsonMapper.shared().readTree(lines.get(1));
        assertEquals(
                List.of(stereo, "2"),
                List.of(right.get("file").asString(), right.get("channel").asString()));
        assertTrue(lines.get(3).endsWith("/a.wav,,1"), lines.get(3));
        assertTrue(lines.get(4).endsWith("/b.wav,,2"), lines.get(4));
        assertTrue(lines.get(6).contains("/a.wav [channel 1]  "), lines.get(6));
        assertTrue(lines.get(7).contains("/b.wav [channel 2]  "), lines.get(7));
        assertEquals(8, lines.size(), out::toString);
        String failed = "1 failed:\n  " + stereo + " [channel 1]: ";
        assertTrue(err.toString().startsWith(failed), err::toString);
    }

    @Test
    void aChannelThatARecordingHasNotIsItsFailure() throws IOException {
        String mono = recording("a.wav", 1);
        String stereo = stereo("b.wav");
        assertEquals(Chiffchaff.FAILED, identify("--channel", "right", "--format", "csv", mono, stereo));
        assertEquals(
                "1 failed:\n  " + mono + " [channel 2]: channel 2 is asked for, and it has 1 channel\n",
                err.toString());
        assertTrue(out.toString().lines().skip(1).allMatch(line -> line.endsWith("/b.wav,,2")), out::toString);
    }

    @Test
    void ignoredSpeciesAreLeftOutByAnyOfTheirNames() throws IOException {
        String file = recording("a.wav", 1);
        assertEquals(
                Chiffchaff.OK,
                identify(
                        "--format",
                        "json",
                        "--top-k",
                        "9",
                        "--min-confidence",
                        "0",
                        "--ignore",
                        "NOISE",
                        "--ignore",
                        "turdus merula",
                        file));
        JsonNode answer = JsonMapper.shared().readTree(out.toString());
        assertEquals(
                List.of("Phylloscopus_collybita", "rain, heavy"),
                answer.get("ranking")
                        .valueStream()
                        .map(each -> each.get("label").asString())
                        .sorted()
                        .toList());
        assertEquals(2, answer.get("detections").size());
    }

    @Test
    void whatIsWrongWithARecordingStandsInEveryFormatAndAtTheEnd() throws IOException {
        byte[] minute = Recordings.tone(60);
        Path cut = Files.write(folder.resolve("cut.wav"), Arrays.copyOf(minute, minute.length - 2 * Recordings.RATE));
        for (String format : List.of("table", "csv", "json")) {
            assertEquals(
                    Chiffchaff.OK,
                    identify("--format", format, "--top-k", "1", "--min-confidence", "0", cut.toString()),
                    err::toString);
        }
        List<String> lines = out.toString().lines().toList();
        assertEquals("! truncated: 59.0 of 60.0 s", lines.get(2).strip());
        assertTrue(lines.get(4).endsWith("/cut.wav,truncated: 59.0 of 60.0 s,mix"), lines.get(4));
        assertTrue(
                lines.getLast()
                        .endsWith("\"warnings\":[{\"code\":\"truncated\",\"text\":\"truncated: 59.0 of 60.0 s\"}]}"),
                lines.getLast());
        assertEquals(("1 warning:\n  " + cut + ": truncated: 59.0 of 60.0 s\n").repeat(3), err.toString());
    }

    @Test
    void aRecordingWithoutSoundHasItsLine() throws IOException {
        String constant = Files.write(folder.resolve("constant.wav"), Recordings.of(2, seconds -> 0.5))
                .toString();
        assertEquals(Chiffchaff.OK, identify("--format", "csv", "--min-confidence", "0", constant), err::toString);
        assertEquals(
                ",,,,," + constant + ",no sound: 2 of 2 windows hold less than 0.2 s of it,mix",
                out.toString().lines().skip(1).collect(Collectors.joining("\n")));
    }

    @Test
    void aRecordingThatDoesNotFitIntoMemoryIsItsOwnFailure() throws Exception {
        String large = recording("a.wav", 1);
        try (FileChannel file = FileChannel.open(Path.of(large), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), 150 << 20);
        }
        String good = recording("b.wav", 1);
        try (IdentifyServer roomy = new IdentifyServer(
                bundle,
                new ServerConfig("127.0.0.1", 0, OptionalInt.empty(), 1, 8, 200 << 20, Duration.ofSeconds(10)))) {
            Path results = folder.resolve("results");
            Path errors = folder.resolve("errors");
            int code = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "org.chiffchaff.cli.Chiffchaff",
                            "identify",
                            "--server",
                            "127.0.0.1:" + roomy.port(),
                            "--format",
                            "json",
                            "--jobs",
                            "1",
                            large,
                            good)
                    .redirectOutput(results.toFile())
                    .redirectError(errors.toFile())
                    .start()
                    .waitFor();
            String told = Files.readString(errors);
            assertEquals(Chiffchaff.FAILED, code, told);
            assertTrue(
                    told.contains("1 failed:\n  " + large
                            + ": 150.0 MiB do not fit into this client's memory, 64.0 MiB for all that is in flight; give it"
                            + " more: JAVA_TOOL_OPTIONS=-Xmx364m\n"),
                    told);
            assertTrue(Files.readString(results).contains("/b.wav"), told);
        }
    }

    @Test
    void aServerThatRestartsIsWaitedFor() throws Exception {
        for (int i = 0; i < 40; i++) {
            recording("%03d.wav".formatted(i), 60);
        }
        IdentifyServer first = new IdentifyServer(bundle, config(0));
        int port = first.port();
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(
                () -> identify(port, "--format", "csv", "--top-k", "1", "--min-confidence", "0", folder.toString()));
        while (out.toString().isEmpty()) {
            Thread.sleep(5);
        }
        first.close();
        // Long enough that every job has been refused.
        Thread.sleep(1_500);
        try (IdentifyServer second = new IdentifyServer(bundle, config(port))) {
            assertEquals(port, second.port());
            assertEquals(Chiffchaff.OK, code.get(), err::toString);
        }
        assertEquals(1 + 40 * 60, out.toString().lines().count());
        assertEquals("", err.toString());
    }

    @Test
    void whatAServerThatStaysAwayWasNotAskedIsListed() throws Exception {
        for (int i = 0; i < 40; i++) {
            recording("%03d.wav".formatted(i), 60);
        }
        IdentifyServer gone = new IdentifyServer(bundle, config(0));
        int port = gone.port();
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(
                () -> identify(port, "--format", "csv", "--timeout", "2", "--min-confidence", "0", folder.toString()));
        while (out.toString().isEmpty()) {
            Thread.sleep(5);
        }
        gone.close();
        assertEquals(Chiffchaff.FAILED, code.get());
        List<String> lines = err.toString().lines().toList();
        long written = out.toString()
                .lines()
                .skip(1)
                .map(line -> line.split(",", -1)[5])
                .distinct()
                .count();
        assertEquals(
                written + " of 40 recordings are written; not asked or not answered are " + (40 - written) + ":",
                lines.getFirst());
        assertEquals("  " + folder.resolve("039.wav"), lines.get(lines.size() - 2));
        assertEquals(40 - written + 2, lines.size());
        assertTrue(lines.getLast().startsWith("chiffchaff: No server answers at 127.0.0.1:" + port), lines.getLast());
    }

    private static ServerConfig config(int port) {
        return new ServerConfig(
                "127.0.0.1", port, OptionalInt.empty(), 2, 64, MAX_RECORDING_BYTES, Duration.ofSeconds(10));
    }

    /** What a file of any size costs in Java's heap before it is sent. */
    @Test
    void aRecordingIsSentFromItsFile() throws IOException {
        Path file = folder.resolve("large.wav");
        int bytes = 32 << 20;
        Files.write(file, Recordings.ascii("These are notes, not sounds.\n".repeat(bytes / 29)));
        Upload upload = new Upload(
                IdentifyRequest.newBuilder().setName("large.wav").setTopK(3).build(), file, Files.size(file));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long sent;
        try (InputStream message = Upload.METHOD.streamRequest(upload)) {
            int stated = message.available();
            sent = ((Drainable) message).drainTo(OutputStream.nullOutputStream());
            assertEquals(stated, sent);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 1 << 20, allocated + " bytes for " + sent);
        try (InputStream message = Upload.METHOD.streamRequest(upload)) {
            IdentifyRequest request = IdentifyRequest.parseFrom(message);
            assertEquals("large.wav", request.getName());
            assertEquals(3, request.getTopK());
            assertEquals(Files.size(file), request.getAudio().size());
            assertEquals(ByteString.copyFrom(Files.readAllBytes(file)), request.getAudio());
        }
    }
}
