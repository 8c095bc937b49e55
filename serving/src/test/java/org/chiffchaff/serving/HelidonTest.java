package org.chiffchaff.serving;

import static org.chiffchaff.serving.DoorContract.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;
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

    @Test
    void callsCancelledBeforeTheirMessageLeaveNothingBehind() throws InterruptedException {
        ClientCall<IdentifyRequest, IdentifyResponse> begun = begin();
        await(() -> server().openStreams() > 0);
        begun.cancel("changed my mind", null);
        for (int i = 0; i < 50; i++) {
            begin().cancel("never meant it", null);
        }
        assertEquals(1, identify(Recordings.tone(1)).getWindows());
        await(() -> server().openStreams() == 0 && server().inFlight() == 0);
    }

    private ClientCall<IdentifyRequest, IdentifyResponse> begin() {
        // Of a unary call the headers would wait for the message.
        MethodDescriptor<IdentifyRequest, IdentifyResponse> patient =
                IdentifyServiceGrpc.getIdentifyMethod().toBuilder()
                        .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                        .build();
        ClientCall<IdentifyRequest, IdentifyResponse> call = channel().newCall(patient, CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        return call;
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
