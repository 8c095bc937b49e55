package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chiffchaff.models.TestBundles;
import org.chiffchaff.v1.Detection;
import org.chiffchaff.v1.GetModelRequest;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.chiffchaff.v1.Model;
import org.chiffchaff.v1.RankedSpecies;
import org.chiffchaff.v1.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every door of the server answers, whatever carries it. */
abstract class IdentifyContract extends DoorContract {
    private static final double LAST_BIT = 1.0 / 32_767;

    @Test
    void aRecordingIsAnsweredWindowByWindowAndAsAWhole() {
        IdentifyResponse response = stub().identify(
                        request("tone.wav", Recordings.tone(3)).setTopK(2).build());
        assertEquals(3, response.getWindows());
        assertEquals(3.0, response.getDurationSeconds(), 1e-3);
        assertEquals("birds", response.getModelName());
        assertEquals("1.2.0", response.getModelVersion());
        assertEquals(
                List.of(0.0, 0.0, 1.0, 1.0, 2.0, 2.0),
                response.getDetectionsList().stream()
                        .map(Detection::getStartSeconds)
                        .toList());
        assertEquals(3.0, response.getDetections(5).getEndSeconds(), 1e-9);
        List<Float> ranked = response.getRankingList().stream()
                .map(RankedSpecies::getConfidence)
                .toList();
        assertEquals(2, ranked.size());
        assertEquals(ranked.stream().sorted(Comparator.reverseOrder()).toList(), ranked);
    }

    @Test
    void servedScoresAreTheModelsOwn() {
        float[] window = new float[Recordings.RATE];
        for (int i = 0; i < window.length; i++) {
            window[i] = Math.round(32_767 * 0.5 * Math.sin(2 * Math.PI * 1_000 * i / Recordings.RATE)) / 32_768f;
        }
        float[] expected =
                bundle().classifier().classify(new float[][] {window}).probabilities()[0];
        IdentifyResponse response = stub().identify(
                        request("tone.wav", Recordings.tone(1)).setTopK(99).build());
        assertEquals(expected.length, response.getRankingCount());
        for (RankedSpecies ranked : response.getRankingList()) {
            int index = TestBundles.LABELS.species().stream()
                    .map(org.chiffchaff.models.Species::label)
                    .toList()
                    .indexOf(ranked.getSpecies().getLabel());
            assertEquals(expected[index], ranked.getConfidence(), 1e-5);
        }
    }

    @Test
    void optionsNarrowAndWidenTheAnswer() {
        byte[] tone = Recordings.tone(3);
        assertEquals(
                5,
                stub().identify(request("a", tone).setOverlapSeconds(0.5).build())
                        .getWindows());
        IdentifyResponse certain =
                stub().identify(request("a", tone).setMinimumConfidence(1).build());
        assertEquals(0, certain.getDetectionsCount());
        assertEquals(4, certain.getRankingCount(), "the minimum does not shorten the ranking");
        IdentifyResponse brief = identify(Recordings.tone(0.6));
        assertEquals(1, brief.getWindows());
        assertEquals(0.6, brief.getDetections(0).getEndSeconds(), 1e-3);
    }

    @Test
    void ignoredSpeciesAreNeitherDetectedNorRankedAndTheOthersStay() {
        IdentifyRequest.Builder all = request("a", Recordings.tone(2)).setTopK(4);
        List<RankedSpecies> ranked = stub().identify(all.build()).getRankingList();
        String loudest = ranked.getFirst().getSpecies().getLabel();
        IdentifyResponse without = stub().identify(all.addIgnoredLabels(loudest).build());
        assertEquals(ranked.subList(1, 4), without.getRankingList());
        assertEquals(6, without.getDetectionsCount());
        assertTrue(without.getDetectionsList().stream()
                .noneMatch(each -> each.getSpecies().getLabel().equals(loudest)));
    }

    @Test
    void aRecordingCutShortIsAnsweredAsFarAsItGoes() {
        byte[] minute = Recordings.tone(60);
        IdentifyResponse response = identify(Arrays.copyOf(minute, minute.length - 2 * Recordings.RATE));
        assertEquals(59, response.getWindows());
        assertEquals(59.0, response.getDurationSeconds(), 1e-3);
        assertEquals(
                List.of(Warning.newBuilder()
                        .setCode("truncated")
                        .setText("truncated: 59.0 of 60.0 s")
                        .build()),
                response.getWarningsList());
    }

    @Test
    void windowsWithoutSoundAreNotDetectedAndDoNotCount() {
        byte[] recording = Recordings.tone(4);
        // The second and third window: nothing, but for 150 ms of the tone.
        Arrays.fill(recording, 44 + 2 * (Recordings.RATE + 1_200), 44 + 2 * 3 * Recordings.RATE, (byte) 0);
        IdentifyResponse response = identify(recording);
        assertEquals(4, response.getWindows());
        assertEquals(
                List.of(0.0, 3.0),
                response.getDetectionsList().stream()
                        .map(Detection::getStartSeconds)
                        .distinct()
                        .toList());
        assertEquals(identify(Recordings.tone(1)).getRankingList(), response.getRankingList());
        assertEquals(
                "no sound: 2 of 4 windows hold less than 0.2 s of it",
                response.getWarnings(0).getText());
        assertEquals("no sound", response.getWarnings(0).getCode());
    }

    static Stream<Arguments> soundless() {
        return Stream.of(
                Arguments.of("a tenth of a second", Recordings.tone(0.1)),
                Arguments.of("a constant", Recordings.of(2, seconds -> 0.25)),
                Arguments.of(
                        "a step from one constant to another", Recordings.of(2, seconds -> seconds < 1.3 ? 0.5 : 0.1)),
                Arguments.of("a sine of 5 Hz", Recordings.of(2, seconds -> 0.5 * Math.sin(2 * Math.PI * 5 * seconds))),
                Arguments.of(
                        "a click of 5 ms",
                        Recordings.of(
                                2, seconds -> seconds >= 1 && seconds < 1.005 ? 0.9 * Math.sin(9_000 * seconds) : 0)),
                Arguments.of(
                        "the last bit",
                        Recordings.of(
                                2, seconds -> Math.sin(2 * Math.PI * 1_000 * seconds) < 0 ? LAST_BIT : -LAST_BIT)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("soundless")
    void aRecordingWithoutSoundHasNoRanking(String name, byte[] recording) {
        IdentifyResponse response = identify(recording);
        assertEquals(List.of(), response.getRankingList());
        assertEquals(List.of(), response.getDetectionsList());
        int windows = response.getWindows();
        assertEquals(
                "no sound: " + windows + " of " + windows + " windows hold less than 0.2 s of it",
                response.getWarnings(0).getText());
    }

    // Half a second of silence before it: sound, but not throughout.
    @Test
    void aChirpOfASecondIsSound() {
        IdentifyResponse response = identify(Recordings.of(
                1.5, seconds -> seconds < 0.5 ? 0 : 0.1 * Math.sin(2 * Math.PI * 1_000 * (1 + seconds) * seconds)));
        assertEquals(
                List.of(0.0, 0.5),
                response.getDetectionsList().stream()
                        .map(Detection::getStartSeconds)
                        .distinct()
                        .toList());
        assertEquals(4, response.getRankingCount());
        assertEquals(List.of(), response.getWarningsList());
    }

    @Test
    void oneChannelIsHeardAsIfItWereAlone() {
        byte[] low = Recordings.of(1, seconds -> evenSine(500, seconds));
        byte[] high = Recordings.of(1, seconds -> evenSine(3_000, seconds));
        byte[] mean = Recordings.of(1, seconds -> (evenSine(500, seconds) + evenSine(3_000, seconds)) / 2);
        byte[] both = Recordings.stereo(low, high);
        assertRanked(low, both, "left");
        assertRanked(low, both, "1");
        assertRanked(high, both, "right");
        assertRanked(high, both, "2");
        assertRanked(mean, both, "mix");
        assertRanked(mean, both, "");
    }

    // In even steps of 16 bits, so that the mean of two is a whole number of them.
    private static double evenSine(double hertz, double seconds) {
        return 2 * Math.round(hertz * Math.sin(2 * Math.PI * hertz * seconds)) / 32_767.0;
    }

    private void assertRanked(byte[] alone, byte[] both, String channel) {
        List<RankedSpecies> expected = identify(alone).getRankingList();
        List<RankedSpecies> found = stub().identify(
                        request("both.wav", both).setChannel(channel).build())
                .getRankingList();
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
            assertEquals(expected.get(i).getSpecies(), found.get(i).getSpecies(), channel);
            assertEquals(expected.get(i).getConfidence(), found.get(i).getConfidence(), 1e-5, channel);
        }
    }

    static Stream<Arguments> formats() {
        return Stream.of(
                Arguments.of("8 bit", Recordings.wav(8_000, 1, 8, false, 2, 0.5)),
                Arguments.of("24 bit", Recordings.wav(44_100, 2, 24, false, 2, 0.5)),
                Arguments.of("float", Recordings.wav(48_000, 1, 32, true, 2, 0.5)),
                Arguments.of("192 kHz", Recordings.wav(192_000, 1, 16, false, 2, 0.5)),
                Arguments.of("eight channels", Recordings.wav(16_000, 8, 16, false, 2, 0.5)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void unusualRecordingsAreAnswered(String name, byte[] recording) {
        IdentifyResponse response = identify(recording);
        assertEquals(2, response.getWindows());
        assertEquals(2.0, response.getDurationSeconds(), 0.01);
    }

    @Test
    void aMinuteAtFortyEightKilohertzIsNotTooMuch() {
        byte[] minute = Recordings.wav(48_000, 1, 16, false, 60, 0.5);
        assertEquals(60, identify(minute).getWindows());
        assertEquals(60, identify(minute).getWindows(), "nor is it the second time on the same connection");
    }

    @Test
    void sixteenCallersAtOnceAreAllAnswered() throws Exception {
        byte[] tone = Recordings.tone(20);
        IdentifyResponse alone = identify(tone);
        List<Future<IdentifyResponse>> calls = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (int caller = 0; caller < 16; caller++) {
                calls.add(IdentifyServiceGrpc.newFutureStub(channel())
                        .identify(request("tone.wav", tone).build()));
            }
            while (!calls.isEmpty()) {
                IdentifyResponse answer = calls.removeLast().get(60, TimeUnit.SECONDS);
                assertEquals(alone.getDetectionsList(), answer.getDetectionsList());
            }
        }
    }

    @Test
    void cancelledAndExpiredCallsStopWorkingAndLeaveTheOthersAlone() throws Exception {
        for (int i = 0; i < 3; i++) {
            Future<IdentifyResponse> cancelled =
                    IdentifyServiceGrpc.newFutureStub(channel()).identify(lengthy());
            awaitWork();
            cancelled.cancel(true);
            assertEquals(1, identify(Recordings.tone(1)).getWindows());
            awaitIdle();
            Future<IdentifyResponse> expiring = IdentifyServiceGrpc.newFutureStub(channel())
                    .withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                    .identify(lengthy());
            ExecutionException expired = assertThrows(ExecutionException.class, expiring::get);
            assertEquals(
                    Status.Code.DEADLINE_EXCEEDED, Status.fromThrowable(expired).getCode());
            assertEquals(1, identify(Recordings.tone(1)).getWindows());
            awaitIdle();
        }
    }

    private void awaitWork() throws InterruptedException {
        await(() -> server().working() > 0);
    }

    private void awaitIdle() throws InterruptedException {
        await(() -> server().working() == 0 && server().inFlight() == 0);
    }

    @Test
    void aStopAnswersWhatIsInFlightAndRefusesWhatIsNew() throws Exception {
        Future<IdentifyResponse> inFlight =
                IdentifyServiceGrpc.newFutureStub(channel()).identify(lengthy());
        awaitWork();
        BlockingQueue<ServingStatus> states = watchHealth();
        assertEquals(ServingStatus.SERVING, states.take());
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server()::close);
        assertEquals(ServingStatus.NOT_SERVING, states.take());
        Status refused = refusal(request("new.wav", Recordings.tone(1)).build()).getStatus();
        assertEquals(Status.Code.UNAVAILABLE, refused.getCode(), refused.toString());
        assertEquals("The server is stopping; ask another one", refused.getDescription());
        assertEquals(3_991, inFlight.get().getWindows());
        stopped.get();
    }

    private BlockingQueue<ServingStatus> watchHealth() {
        BlockingQueue<ServingStatus> states = new LinkedBlockingQueue<>();
        HealthGrpc.newStub(channel())
                .watch(
                        HealthCheckRequest.newBuilder()
                                .setService(IdentifyServiceGrpc.SERVICE_NAME)
                                .build(),
                        new Collector<>(response -> states.add(response.getStatus()), new CompletableFuture<>()));
        return states;
    }

    @Test
    void healthIsServedForTheServerAndTheService() {
        for (String service : List.of("", IdentifyServiceGrpc.SERVICE_NAME)) {
            assertEquals(
                    ServingStatus.SERVING,
                    HealthGrpc.newBlockingStub(channel())
                            .check(HealthCheckRequest.newBuilder()
                                    .setService(service)
                                    .build())
                            .getStatus());
        }
    }

    // The two are the same on the wire, but for the name.
    @ParameterizedTest
    @ValueSource(strings = {"grpc.reflection.v1", "grpc.reflection.v1alpha"})
    void reflectionResolvesEveryService(String version) throws Exception {
        for (String service : List.of(IdentifyServiceGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME)) {
            ServerReflectionResponse listed = reflect(
                    version,
                    ServerReflectionRequest.newBuilder().setListServices("").build());
            assertTrue(
                    listed.getListServicesResponse().getServiceList().stream()
                            .anyMatch(one -> one.getName().equals(service)),
                    listed.toString());
            ServerReflectionResponse resolved = reflect(
                    version,
                    ServerReflectionRequest.newBuilder()
                            .setFileContainingSymbol(service)
                            .build());
            assertTrue(resolved.getFileDescriptorResponse().getFileDescriptorProtoCount() > 0, resolved.toString());
        }
    }

    private ServerReflectionResponse reflect(String version, ServerReflectionRequest request)
            throws ExecutionException, InterruptedException {
        var method = ServerReflectionGrpc.getServerReflectionInfoMethod().toBuilder()
                .setFullMethodName(version + ".ServerReflection/ServerReflectionInfo")
                .build();
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ClientCalls.asyncBidiStreamingCall(
                channel().newCall(method, CallOptions.DEFAULT), new Collector<>(answer::complete, answer));
        requests.onNext(request);
        ServerReflectionResponse response = answer.get();
        requests.onCompleted();
        return response;
    }

    @Test
    void theModelDescribesItself() {
        Model model = stub().getModel(GetModelRequest.getDefaultInstance());
        assertEquals("birds", model.getName());
        assertEquals("audiocnn", model.getArchitecture());
        assertEquals(bundle().manifest().parameterCount(), model.getParameters());
        assertEquals(8_000, model.getSampleRate());
        assertEquals(1.0, model.getWindowSeconds());
        assertEquals("Common Blackbird", model.getSpecies(0).getCommonName());
        assertEquals(4, model.getSpeciesCount());
        assertEquals(0.25, model.getMetricsMap().get("accuracy"));
        assertEquals(bundle().digest(), model.getDigest());
        assertEquals(MAX_RECORDING_BYTES, model.getMaxRecordingBytes());
    }

    /** Hands on what arrives; a failure completes the future. */
    private record Collector<T>(java.util.function.Consumer<T> values, CompletableFuture<?> failure)
            implements StreamObserver<T> {
        @Override
        public void onNext(T value) {
            values.accept(value);
        }

        @Override
        public void onError(Throwable error) {
            failure.completeExceptionally(error);
        }

        @Override
        public void onCompleted() {}
    }
}
