package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.chiffchaff.audio.FlacFile;
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

    @Test
    void deadlinesOfAnsweredCallsAreForgotten() throws Exception {
        for (int i = 0; i < 20; i++) {
            var unhurried = stub().withDeadlineAfter(1, TimeUnit.HOURS);
            assertEquals(
                    1,
                    unhurried
                            .identify(request("tone.wav", Recordings.tone(1)).build())
                            .getWindows());
        }
        // The look at uploads is not in the queue while it looks.
        await(() -> server().deadlines() <= 0);
    }

    private static void openAndReset(RawHttp2 connection, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            connection.call(2 * i + 1, "Identify", NONE);
            connection.reset(2 * i + 1);
        }
        connection.flush();
    }

    /** A level that stays costs two bytes of FLAC, however long it lasts. */
    @Test
    void fewBytesOfManyHoursAreRefused() {
        FlacFile hours = new FlacFile(1_000, 1);
        for (int frame = 0; frame < 230; frame++) {
            hours.add(1_000, 65_535, 8_000);
        }
        byte[] recording = hours.toBytes();
        assertTrue(recording.length < 6_000, recording.length + " bytes");
        StatusRuntimeException refused =
                refusal(request("hours.flac", recording).build());
        assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), refused.toString());
        assertEquals(
                "hours.flac: holds more than 14400.000 s of sound, the most that is decoded of one recording",
                refused.getStatus().getDescription());
    }

    /** Each change makes a filter anew, which takes as long as many seconds of sound. */
    @Test
    void aFormatThatChangesAllTheTimeIsRefused() {
        FlacFile changing = new FlacFile(8_000, 1);
        for (int frame = 0; frame < 800; frame++) {
            changing.add(frame % 2 == 0 ? 8_000 : 16_001, 16, 8_000);
        }
        StatusRuntimeException refused =
                refusal(request("changing.flac", changing.toBytes()).build());
        assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), refused.toString());
        assertTrue(
                refused.getStatus()
                        .getDescription()
                        .startsWith("changing.flac: its sound changes its format more than 16 times"),
                refused.toString());
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

    /** With all of its recording there, the request could be answered, but it never ends. */
    @Test
    void aWholeMessageThatIsNotTheEndIsStillAnUpload() throws Exception {
        restart(new UploadPace(Duration.ofSeconds(1), 4 << 10, Duration.ofMinutes(10)));
        byte[] whole = request("tone.wav", Recordings.tone(3)).build().toByteArray();
        try (RawHttp2 endless = new RawHttp2(port())) {
            endless.call(1, "Identify", NONE);
            endless.message(1, whole.length, Arrays.copyOf(whole, 16_000));
            for (int sent = 16_000; sent < whole.length; sent += 16_000) {
                endless.data(1, Arrays.copyOfRange(whole, sent, Math.min(sent + 16_000, whole.length)), false);
            }
            endless.flush();
            assertTrue(endless.await(RawHttp2.HEADERS, RawHttp2.RESET) > 0);
        }
        await(() -> server().inFlight() == 0 && server().heldBytes() == 0);
    }

    /** More frames than a stream's queue holds, and bytes that the connection's window would lack from then on. */
    @Test
    void whatWasOnItsWayToAnEndedUploadHurtsNobodyElse() throws Exception {
        restart(new UploadPace(Duration.ofSeconds(1), 4 << 10, Duration.ofMinutes(10)));
        try (RawHttp2 shared = new RawHttp2(port())) {
            shared.call(1, "Identify", NONE);
            shared.message(1, MAX_RECORDING_BYTES, new byte[1]);
            shared.flush();
            shared.await(RawHttp2.RESET, RawHttp2.HEADERS);
            for (int i = 0; i < 60; i++) {
                shared.data(1, new byte[16_000], false);
            }
            shared.ping();
            assertEquals(RawHttp2.PING, shared.await(RawHttp2.PING, RawHttp2.GO_AWAY));
            await(() -> server().openStreams() == 0);
        }
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
