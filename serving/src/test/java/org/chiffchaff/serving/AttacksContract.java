package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What clients of ill will do to a door, and that it costs nobody but them. */
abstract class AttacksContract extends DoorContract {
    private static final Map<String, String> NONE = Map.of();

    // More than the test's time: a stop that waits for somebody fails.
    @Override
    Duration grace() {
        return Duration.ofMinutes(10);
    }

    @Test
    void aFloodOfResetsEndsItsOwnConnectionOnly() throws Exception {
        assertEquals(1, identify(Recordings.tone(1)).getWindows());
        try (RawHttp2 flood = new RawHttp2(port())) {
            assertThrows(SocketException.class, () -> openAndReset(flood, 400_000), "the flood goes on");
        }
        assertEquals(1, identify(Recordings.tone(1)).getWindows(), "another's connection lives");
        await(() -> server().inFlight() == 0 && server().openStreams() <= 1);
    }

    @Test
    void deadlinesAsClientsSetThemEndNoConnection() throws Exception {
        try (RawHttp2 hasty = new RawHttp2(port())) {
            openAndReset(hasty, 200);
            hasty.ping();
            assertEquals(RawHttp2.PING, hasty.await(RawHttp2.PING, RawHttp2.GO_AWAY));
        }
    }

    private static void openAndReset(RawHttp2 connection, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            connection.call(2 * i + 1, "Identify", NONE);
            connection.reset(2 * i + 1);
        }
        connection.flush();
    }

    /** Room is for what has come, and one connection has not all of it. */
    @Test
    void claimsOfSizeTakeNoRoom() throws Exception {
        try (RawHttp2 claims = new RawHttp2(port())) {
            for (int i = 0; i < 62; i++) {
                claims.call(2 * i + 1, "Identify", NONE);
                claims.message(2 * i + 1, MAX_RECORDING_BYTES, new byte[1]);
            }
            claims.ping();
            claims.await(RawHttp2.PING);
            await(() -> server().inFlight() == 62);
            assertEquals(0, server().heldBytes());
            assertEquals(500, identify(Recordings.tone(500)).getWindows());
        }
    }

    /** Each of many small parts, in time by itself. */
    @Test
    void aTrickleIsNoUpload() throws Exception {
        restart(new UploadPace(Duration.ofSeconds(1), 4 << 10, Duration.ofMinutes(10)));
        try (RawHttp2 trickle = new RawHttp2(port())) {
            trickle.call(1, "Identify", NONE);
            trickle.message(1, MAX_RECORDING_BYTES, new byte[1]);
            trickle.flush();
            await(() -> server().inFlight() == 1);
            while (server().inFlight() == 1) {
                trickle.data(1, new byte[1], false);
                trickle.flush();
                Thread.sleep(300);
            }
            assertTrue(trickle.await(RawHttp2.HEADERS, RawHttp2.RESET) > 0);
        }
        assertEquals(1, identify(Recordings.tone(1)).getWindows());
    }

    @Test
    void aTricklingUploadHoldsNoStop() throws Exception {
        try (RawHttp2 trickle = new RawHttp2(port())) {
            trickle.call(1, "Identify", NONE);
            trickle.message(1, MAX_RECORDING_BYTES, new byte[1]);
            trickle.flush();
            await(() -> server().inFlight() == 1);
            server().close();
            assertTrue(
                    trickle.await(RawHttp2.HEADERS, RawHttp2.RESET) > 0, "told by trailers or a reset, not by silence");
        } catch (EOFException closed) {
            throw new AssertionError("the caller was told nothing", closed);
        }
    }
}
