package org.chiffchaff.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.models.TestBundles;
import org.chiffchaff.serving.IdentifyServer;
import org.chiffchaff.serving.Recordings;
import org.chiffchaff.serving.ServerConfig;
import org.chiffchaff.v1.IdentifyRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not what they were when their turn comes. */
@Timeout(60)
class IdentifyClientTest {
    @TempDir
    private Path folder;

    private interface Question {
        Outcome of(IdentifyClient client) throws IOException, InterruptedException;
    }

    private Outcome ask(Question question) throws IOException, InterruptedException {
        Path models = Files.createDirectory(folder.resolve("models"));
        var config = new ServerConfig("127.0.0.1", 0, OptionalInt.empty(), 1, 8, 1 << 20, Duration.ofSeconds(10));
        try (ModelBundle bundle = ModelBundle.open(TestBundles.write(models, "birds", "1.0.0"), 1);
                IdentifyServer server = new IdentifyServer(bundle, config);
                IdentifyClient client =
                        new IdentifyClient("127.0.0.1:" + server.port(), new IdentifyClient.Question(3, 0.1f, 0, 30))) {
            return question.of(client);
        }
    }

    private static Upload upload(Path file, long bytes) {
        return new Upload(IdentifyRequest.newBuilder().setName("a.wav").build(), file, bytes);
    }

    @Test
    void aFileThatShrinksIsNamed() throws Exception {
        Path file = Files.write(folder.resolve("a.wav"), Recordings.tone(1));
        assertEquals(
                new Outcome.Failed(
                        file + ": cannot be read: java.io.EOFException: the file has shrunk by 9 bytes while it"
                                + " was sent"),
                ask(client -> client.ask(new Asked(file, Channel.MIX), upload(file, Files.size(file) + 9))));
    }

    @Test
    void aFileThatVanishesIsNamed() throws Exception {
        Path file = folder.resolve("a.wav");
        assertEquals(
                new Outcome.Failed(file + ": there is no such file"),
                ask(client -> client.ask(new Asked(file, Channel.MIX), upload(file, 99))));
    }

    @Test
    @EnabledOnOs(OS.LINUX) // whose words these are
    void aFileThatCannotBeReadIsNamed() throws Exception {
        assertEquals(
                new Outcome.Failed(folder + ": cannot be read: java.io.IOException: Is a directory"),
                ask(client -> client.identify(new Asked(folder, Channel.MIX), List.of())));
    }
}
