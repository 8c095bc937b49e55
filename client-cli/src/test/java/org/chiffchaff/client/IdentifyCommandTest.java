package org.chiffchaff.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.models.TestBundles;
import org.chiffchaff.serving.IdentifyServer;
import org.chiffchaff.serving.Recordings;
import org.chiffchaff.serving.ServerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
        assertEquals("Start (s),End (s),Scientific name,Common name,Confidence,File", lines.getFirst());
        assertEquals(6, lines.size(), out::toString);
        assertTrue(lines.get(1).matches("0\\.0,1\\.0,.*,0\\.\\d{4},.*/a\\.wav"), lines.get(1));
        assertTrue(lines.get(3).matches("1\\.6,2\\.6,.*,0\\.\\d{4},.*/a\\.wav"), lines.get(3));
        assertTrue(lines.get(4).endsWith(",\"" + folder + "/b, second.wav\""), lines.get(4));
        assertTrue(lines.get(5).endsWith("/sub/c.wav"), lines.get(5));
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
        assertEquals("  " + large + ": 1.5 MiB are more than the server takes, 1.0 MiB", lines.get(3));
        assertEquals(4, lines.size());
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
                    "1 failed:\n  " + file + ": the server was busy for 1 s (Too many recordings wait: 1 behind 1 at"
                            + " work; try again later)\n",
                    err.toString());
            assertEquals("Start (s),End (s),Scientific name,Common name,Confidence,File\n", out.toString());
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
        assertEquals(Chiffchaff.FAILED, identify("--overlap", "0.95", file));
        assertTrue(
                err.toString()
                        .endsWith(file + ": overlap_seconds is 0.95; expected at most 0.9, so that windows of 1.0 s"
                                + " move on by 0.1 s (INVALID_ARGUMENT)\n"),
                err::toString);
    }
}
