package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class HelidonAttacksTest extends AttacksContract {
    @Override
    int port(IdentifyServer server) {
        return server.port();
    }

    /** By which a connection would lead around all that bounds HTTP/2 here. */
    @Test
    void httpIsNotUpgraded() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            String request = """
                    GET / HTTP/1.1\r
                    Host: localhost\r
                    Connection: Upgrade, HTTP2-Settings\r
                    Upgrade: h2c\r
                    HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r
                    \r
                    """;
            socket.getOutputStream().write(Recordings.ascii(request));
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            assertEquals("HTTP/1.1 200", new String(status, StandardCharsets.US_ASCII));
        }
    }
}
