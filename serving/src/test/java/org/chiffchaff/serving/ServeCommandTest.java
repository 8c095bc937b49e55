package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.models.TestBundles;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServeCommandTest {
    @TempDir
    private Path models;

    private final StringWriter err = new StringWriter();

    private int serve(String... options) {
        String[] words = Stream.concat(Stream.of("serve"), Stream.of(options)).toArray(String[]::new);
        return Chiffchaff.run(new PrintWriter(new StringWriter()), new PrintWriter(err), words);
    }

    @Test
    void aBadBundleIsRefusedInOneLine() throws IOException {
        Path folder = TestBundles.write(models, "birds", "1.0.0");
        Path labels = folder.resolve("labels.csv");
        Files.writeString(labels, Files.readString(labels).replace("noise", "moise"));
        assertEquals(Chiffchaff.FAILED, serve("--model", folder.toString(), "--port", "0"));
        assertTrue(
                err.toString().matches("chiffchaff: .*labels\\.csv is not the file its manifest names: .*\n"),
                err::toString);
    }

    @Test
    void aPortThatIsTakenIsNamedInOneLine() throws IOException {
        Path folder = TestBundles.write(models, "birds", "1.0.0");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertEquals(Chiffchaff.FAILED, serve("--model", folder.toString(), "--port", "" + port));
            assertEquals(
                    "chiffchaff: Cannot listen on 127.0.0.1:" + port + ": Address already in use\n", err.toString());
            err.getBuffer().setLength(0);
            assertEquals(
                    Chiffchaff.FAILED, serve("--model", folder.toString(), "--port", "0", "--grpc-port", "" + port));
            assertTrue(
                    err.toString()
                            .matches("chiffchaff: Cannot listen on 127\\.0\\.0\\.1:" + port
                                    + ": .*Address already in use\n"),
                    err::toString);
        }
    }

    @Test
    void impossibleSizesAreRefusedInOneLine() {
        String folder = TestBundles.write(models, "birds", "1.0.0").toString();
        assertEquals(Chiffchaff.FAILED, serve("--model", folder, "--port", "0", "--max-held-mib", "63"));
        assertEquals(
                "chiffchaff: The bytes of all recordings together are 66060288; expected at least those of one,"
                        + " 67108864\n",
                err.toString());
        err.getBuffer().setLength(0);
        assertEquals(Chiffchaff.FAILED, serve("--model", folder, "--port", "0", "--max-recording-mib", "2048"));
        assertEquals(
                "chiffchaff: The number of bytes of a recording is 2147483647; expected 1 to 1073741824\n",
                err.toString());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
    void sigtermAnswersWhatIsInFlight() throws Exception {
        Path folder = TestBundles.write(models, "birds", "1.0.0");
        Process process = new ProcessBuilder(
                        command("--model", folder.getParent().toString(), "--port", "0"))
                .redirectError(ProcessBuilder.Redirect.PIPE)
                .start();
        try (BufferedReader log = process.errorReader()) {
            String ready = log.lines()
                    .filter(line -> line.startsWith("serving "))
                    .findFirst()
                    .orElseThrow();
            assertTrue(ready.matches("serving birds 1\\.0\\.0 on 127\\.0\\.0\\.1:\\d+"), ready);
            ManagedChannel channel = NettyChannelBuilder.forTarget(ready.substring(ready.lastIndexOf(' ') + 1))
                    .usePlaintext()
                    .build();
            Future<IdentifyResponse> inFlight =
                    IdentifyServiceGrpc.newFutureStub(channel).identify(DoorContract.lengthy());
            // Answered by the same connection after the request above was taken in.
            IdentifyServiceGrpc.newBlockingStub(channel)
                    .identify(DoorContract.request("a.wav", Recordings.tone(1)).build());
            process.destroy();
            assertEquals(3_991, inFlight.get().getWindows());
            assertEquals(Chiffchaff.OK, process.waitFor());
            channel.shutdownNow();
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> command(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Chiffchaff.class.getName(),
                "serve"));
        command.addAll(List.of(options));
        return command;
    }
}
