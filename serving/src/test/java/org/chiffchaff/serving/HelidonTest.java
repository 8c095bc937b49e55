package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class HelidonTest extends IdentifyContract {
    @Override
    int port(IdentifyServer server) {
        return server.port();
    }

    @Test
    void theSamePortSpeaksPlainHttp() throws IOException, InterruptedException {
        HttpResponse<String> about = get("/");
        assertEquals(200, about.statusCode());
        assertTrue(about.body().startsWith("Chiffchaff serves birds 1.2.0 by gRPC"), about.body());
        HttpResponse<String> health = get("/health");
        assertEquals(200, health.statusCode());
        assertTrue(health.body().contains("UP"), health.body());
        assertEquals(404, get("/elsewhere").statusCode());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
