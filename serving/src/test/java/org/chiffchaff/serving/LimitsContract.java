package org.chiffchaff.serving;

import static org.chiffchaff.serving.DoorContract.await;
import static org.chiffchaff.serving.DoorContract.lengthy;
import static org.chiffchaff.serving.DoorContract.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.models.TestBundles;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How every door keeps to the server's limits, and what clients that do not play along cost the others: nothing. */
@Timeout(120)
abstract class LimitsContract {
    private static final int RECORDING_BYTES = 8 << 20;

    @TempDir
    private Path models;

    private ModelBundle bundle;
    private IdentifyServer server;
    private ManagedChannel channel;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<UnfinishedUpload> uploads = new ArrayList<>();

    /** The port of the door under test. */
    abstract int port(IdentifyServer server);

    @BeforeEach
    void start() {
        bundle = ModelBundle.open(TestBundles.write(models, "birds", "1.2.0"), 1);
        // Longer than any test: what must be given back at once is not given back by patience.
        start(Duration.ofMinutes(10), Duration.ofMinutes(10), Duration.ofHours(1));
    }

    private void start(Duration patience, Duration longestUpload, Duration longestCall) {
        server = new IdentifyServer(
                bundle,
                new ServerConfig(
                        "127.0.0.1",
                        0,
                        OptionalInt.of(0),
                        2,
                        2,
                        new Limits(RECORDING_BYTES, 500, 16_000, 2 * RECORDING_BYTES, longestCall),
                        new UploadPace(patience, 4 << 10, longestUpload),
                        Duration.ofMillis(200)));
        channel = connect();
    }

    private ManagedChannel connect() {
        ManagedChannel connected = NettyChannelBuilder.forAddress("127.0.0.1", port(server))
                .usePlaintext()
                // Little, so that an answer that nobody reads does not fit in.
                .flowControlWindow(64 << 10)
                .build();
        channels.add(connected);
        return connected;
    }

    /** Two long recordings, each by a connection of its own, which has not room for both. */
    private List<Future<IdentifyResponse>> submitNights() {
        return List.of(
                IdentifyServiceGrpc.newFutureStub(connect()).identify(lengthy()),
                IdentifyServiceGrpc.newFutureStub(connect()).identify(lengthy()));
    }

    private void restart(Duration patience, Duration longestUpload, Duration longestCall) {
        channel.shutdownNow();
        server.close();
        start(patience, longestUpload, longestCall);
    }

    @AfterEach
    void stop() throws IOException {
        for (UnfinishedUpload upload : uploads) {
            upload.close();
        }
        channels.forEach(ManagedChannel::shutdownNow);
        server.close();
        bundle.close();
    }

    // Eight million bytes: two have room in the sixteen mebibytes that the server has, three have not.
    private static IdentifyRequest large() {
        return request("large.wav", Recordings.tone(500)).build();
    }

    private static IdentifyRequest small() {
        return request("small.wav", Recordings.tone(1)).build();
    }

    private IdentifyResponse identify(IdentifyRequest request) {
        return IdentifyServiceGrpc.newBlockingStub(channel).identify(request);
    }

    private void awaitNothingHeld() throws InterruptedException {
        await(() -> server.heldBytes() == 0);
    }

    private void assertFull() {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> identify(large()));
        assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode(), refused.toString());
        assertEquals(
                "Other recordings fill the 16777216 bytes this server has for them; try again later",
                refused.getStatus().getDescription());
        assertEquals("1000", refused.getTrailers().get(Failures.ASK_AGAIN));
    }

    private List<UnfinishedUpload> fill() throws Exception {
        for (int i = 0; i < 2; i++) {
            uploads.add(new UnfinishedUpload(port(server), large(), 7_000_000));
        }
        // By the door, recordings count as far as they have come or whole; what else a request may hold is free.
        await(() -> server.heldBytes() > 2 * 6_900_000);
        return uploads;
    }

    @Test
    void recordingsThatArriveTogetherAreBoundedTogether() throws Exception {
        List<UnfinishedUpload> unfinished = fill();
        assertFull();
        assertEquals(1, identify(small()).getWindows(), "what is small is not counted");
        assertEquals(
                ServingStatus.SERVING,
                HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus());
        for (UnfinishedUpload upload : unfinished) {
            assertEquals(500, upload.finish().get().getWindows());
        }
        awaitNothingHeld();
        assertEquals(500, identify(large()).getWindows());
        awaitNothingHeld();
    }

    @Test
    void aRecordingIsCopiedNoMoreOftenThanItsDoorHasTo() {
        // No recording, so that nothing is decoded.
        byte[] text = Recordings.ascii("These are notes, not sounds.\n".repeat(RECORDING_BYTES / 29));
        IdentifyRequest request = request("text.wav", text).build();
        assertThrows(StatusRuntimeException.class, () -> identify(request));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        StatusRuntimeException second = assertThrows(StatusRuntimeException.class, () -> identify(request));
        long allocated = threads.getTotalThreadAllocatedBytes() - before;
        // There is room for one such recording at a time: it was given back before the first was answered.
        assertEquals(Status.Code.INVALID_ARGUMENT, second.getStatus().getCode(), second.toString());
        assertEquals(copies(), Math.round(allocated / (double) text.length), allocated + " bytes");
    }

    /** How often the bytes of a request are written into Java's heap before they are decoded. */
    abstract int copies();

    /** A request that is little on the wire and much when it is read. */
    @Test
    void compressedRecordingsFindNoWayAround() throws Exception {
        fill();
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> IdentifyServiceGrpc.newBlockingStub(channel)
                        .withCompression("gzip")
                        .identify(
                                request("zeros.wav", new byte[RECORDING_BYTES]).build()));
        assertEquals(compressedWhenFull(), refused.getStatus().getCode(), refused.toString());
    }

    /** What a compressed request is told for which there is no room. */
    abstract Status.Code compressedWhenFull();

    @Test
    void cancelledUploadsGiveTheirRoomBack() throws Exception {
        fill().forEach(UnfinishedUpload::cancel);
        awaitNothingHeld();
        assertEquals(500, identify(large()).getWindows());
    }

    @Test
    void uploadsOfKilledClientsGiveTheirRoomBack() throws Exception {
        for (UnfinishedUpload upload : fill()) {
            upload.kill();
        }
        awaitNothingHeld();
        assertEquals(500, identify(large()).getWindows());
    }

    @Test
    void workForKilledClientsStops() throws Exception {
        for (int i = 0; i < 2; i++) {
            uploads.add(new UnfinishedUpload(port(server), lengthy(), Long.MAX_VALUE));
        }
        await(() -> server.working() == 2);
        for (UnfinishedUpload upload : uploads) {
            upload.kill();
        }
        await(() -> server.working() == 0 && server.inFlight() == 0);
        awaitNothingHeld();
    }

    @Test
    void uploadsThatRestTooLongAreEnded() throws Exception {
        restart(Duration.ofSeconds(2), Duration.ofMinutes(10), Duration.ofHours(1));
        List<UnfinishedUpload> unfinished = fill();
        awaitNothingHeld();
        for (UnfinishedUpload upload : unfinished) {
            ExecutionException ended =
                    assertThrows(ExecutionException.class, () -> upload.answer().get());
            assertEquals(Status.Code.CANCELLED, Status.fromThrowable(ended).getCode(), ended.toString());
        }
        assertEquals(500, identify(large()).getWindows());
    }

    @Test
    void answersThatNobodyReadsStopNoWorker() throws Exception {
        List<UnreadAnswer> answers = List.of(new UnreadAnswer(connect()), new UnreadAnswer(connect()));
        await(() -> server.working() == 2);
        await(() -> server.working() == 0);
        assertEquals(2, server.inFlight());
        for (UnreadAnswer answer : answers) {
            assertEquals(3_991, answer.read().get().getWindows());
        }
        awaitNothingHeld();
    }

    @Test
    void answersThatNobodyReadsHoldTheirRoom() throws Exception {
        UnreadAnswer answer = new UnreadAnswer(channel);
        await(() -> server.working() == 1);
        await(() -> server.working() == 0);
        assertTrue(server.heldBytes() > 500_000, server.heldBytes() + " bytes are held");
        answer.read().get();
        awaitNothingHeld();
    }

    @Test
    void anAnswerIsNotKeptForEver() throws Exception {
        restart(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(2));
        byte[] whole = small().toByteArray();
        try (RawHttp2 deaf = new RawHttp2(port(server))) {
            deaf.noWindow();
            deaf.call(1, "Identify", Map.of());
            deaf.message(1, whole.length, new byte[0]);
            deaf.data(1, whole, true);
            deaf.flush();
            await(() -> server.inFlight() == 1);
            await(() -> server.inFlight() == 0);
        }
        awaitNothingHeld();
    }

    @Test
    void recordingsOfTooMuchSoundAreRefused() throws Exception {
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "night.wav: holds more than 500.000 s of sound, the most that is decoded of one recording",
                request("night.wav", Recordings.tone(501)).build());
        assertEquals(500, identify(large()).getWindows());
    }

    @Test
    void answersOfTooManyDetectionsAreRefused() throws Exception {
        assertRefused(
                Status.Code.RESOURCE_EXHAUSTED,
                "dense.wav: at least 4004 windows of up to 4 species; this server answers with up to 16000 detections:"
                        + " ask for a smaller top_k or overlap_seconds",
                request("dense.wav", Recordings.tone(402))
                        .setOverlapSeconds(0.9)
                        .build());
    }

    private void assertRefused(Status.Code code, String description, IdentifyRequest request)
            throws InterruptedException {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> identify(request));
        assertEquals(code, refused.getStatus().getCode(), refused.toString());
        assertEquals(description, refused.getStatus().getDescription());
        awaitNothingHeld();
    }

    /** By a caller without a deadline of its own. */
    @Test
    void aCallIsWorkedOnForSoLong() throws Exception {
        restart(Duration.ofMinutes(10), Duration.ofMinutes(10), Duration.ofSeconds(1));
        for (Future<IdentifyResponse> night : submitNights()) {
            ExecutionException late = assertThrows(ExecutionException.class, night::get);
            Status status = Status.fromThrowable(late);
            assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getCode(), late.toString());
            assertEquals(
                    "The time of the call is over; this server works on one for up to 1 s", status.getDescription());
        }
        await(() -> server.working() == 0);
        awaitNothingHeld();
    }

    /** Two recordings that would keep both threads for long, and thirty that are done in a moment. */
    @Test
    void longRecordingsLeaveTheirTurnToShortOnes() throws Exception {
        List<Future<IdentifyResponse>> nights = submitNights();
        await(() -> server.working() == 2);
        for (int i = 0; i < 30; i++) {
            assertEquals(1, identify(small()).getWindows());
        }
        assertEquals(List.of(false, false), nights.stream().map(Future::isDone).toList());
        for (Future<IdentifyResponse> night : nights) {
            assertEquals(3_991, night.get().getWindows());
        }
    }

    @Test
    void aStopEndsTheWorkThatItsGraceIsTooShortFor() throws Exception {
        Future<IdentifyResponse> cut =
                IdentifyServiceGrpc.newFutureStub(channel).identify(lengthy());
        await(() -> server.working() == 1);
        server.close();
        assertEquals(0, server.working());
        assertThrows(ExecutionException.class, cut::get);
    }

    /** A call whose answer is left to lie until it is asked for. */
    private static final class UnreadAnswer extends ClientCall.Listener<IdentifyResponse> {
        private final ClientCall<IdentifyRequest, IdentifyResponse> call;
        private final CompletableFuture<IdentifyResponse> answer = new CompletableFuture<>();

        UnreadAnswer(ManagedChannel channel) {
            call = channel.newCall(IdentifyServiceGrpc.getIdentifyMethod(), CallOptions.DEFAULT);
            call.start(this, new Metadata());
            call.sendMessage(lengthy());
            call.halfClose();
        }

        Future<IdentifyResponse> read() {
            call.request(2);
            return answer;
        }

        @Override
        public void onMessage(IdentifyResponse response) {
            answer.complete(response);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            answer.completeExceptionally(status.asException());
        }
    }
}
