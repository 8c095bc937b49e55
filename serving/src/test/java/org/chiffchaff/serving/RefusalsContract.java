package org.chiffchaff.serving;

import static org.chiffchaff.serving.DoorContract.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chiffchaff.v1.GetModelRequest;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every door of the server refuses, and how: by a status that says why, with nothing in the log. */
abstract class RefusalsContract extends DoorContract {
    private QuietLog log;

    @BeforeEach
    void listen() {
        log = new QuietLog();
    }

    @AfterEach
    void nothingWasLogged() {
        log.close();
        assertEquals(List.of(), log.traces());
    }

    /** A call whose request is written by hand. */
    StatusRuntimeException refusal(
            Channel channel, CallOptions options, MethodDescriptor.Marshaller<byte[]> marshaller, byte[] request) {
        var identify = IdentifyServiceGrpc.getIdentifyMethod();
        var byHand =
                identify.toBuilder(marshaller, identify.getResponseMarshaller()).build();
        return assertThrows(
                StatusRuntimeException.class, () -> ClientCalls.blockingUnaryCall(channel, byHand, options, request));
    }

    void assertRefused(Status.Code code, String description, StatusRuntimeException refused) {
        assertEquals(code, refused.getStatus().getCode(), refused.toString());
        assertEquals(description, refused.getStatus().getDescription());
        assertEquals(1, identify(Recordings.tone(1)).getWindows(), "the connection lives");
    }

    @Test
    void aRequestThatIsNoProtobufIsRefused() {
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "The request cannot be read: Protocol message contained an invalid tag (zero).",
                refusal(channel(), CallOptions.DEFAULT, new Bytes(), new byte[99]));
    }

    @Test
    void aRequestThatEndsWithinAFieldIsRefused() {
        byte[] whole = request("tone.wav", Recordings.tone(1)).build().toByteArray();
        StatusRuntimeException refused =
                refusal(channel(), CallOptions.DEFAULT, new Bytes(), Arrays.copyOf(whole, whole.length / 2));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "The request cannot be read: While parsing a protocol message, the input ended unexpectedly in the middle"
                        + " of a field.  This could mean either that the input has been truncated or that an embedded"
                        + " message misreported its own length.",
                refused);
    }

    @Test
    void aNameOfEightKilobytesIsShortenedWhereItIsQuoted() {
        String name = "dawn " + "\u00fc".repeat(8_192) + ".wav";
        Status status = refusal(request(name, new byte[9]).build()).getStatus();
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
        String quoted = "dawn " + "\u00fc".repeat(95) + "\u2026" + "\u00fc".repeat(95) + ".wav: ";
        assertTrue(status.getDescription().startsWith(quoted), status.getDescription());
    }

    /** A message that is its bytes. */
    record Bytes() implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("requests are only written");
        }
    }

    @Test
    void impossibleOptionsAreRefused() {
        byte[] tone = Recordings.tone(1);
        List<IdentifyRequest> requests = List.of(
                request("a", tone).setOverlapSeconds(-1).build(),
                request("a", tone).setOverlapSeconds(Double.NaN).build(),
                request("a", tone).setOverlapSeconds(0.95).build(),
                request("a", tone).setMinimumConfidence(1.5f).build(),
                request("a", tone).setMinimumConfidence(Float.NaN).build(),
                request("a", tone)
                        .addIgnoredLabels("noise")
                        .addIgnoredLabels("Noise")
                        .build(),
                request("a", tone).setChannel("each").build(),
                request("a", tone).setChannel("0").build(),
                request("a", tone).setChannel("9".repeat(8_192)).build(),
                request("a", tone).setChannel("right").build(),
                request("a", new byte[0]).build());
        List<String> descriptions = List.of(
                "overlap_seconds is -1.0; expected a number of at least 0",
                "overlap_seconds is NaN; expected a number of at least 0",
                "overlap_seconds is 0.95; expected at most 0.9, so that windows of 1.0 s move on by 0.1 s",
                "minimum_confidence is 1.5; expected a number from 0 to 1",
                "minimum_confidence is NaN; expected a number from 0 to 1",
                "ignored_labels has 'Noise'; expected labels of the model's 4 species, which GetModel lists",
                "channel is 'each'; one request is about one channel: mix, left, right or a number from 1 to 64 is expected",
                "channel is '0'; mix, left, right, each or a number from 1 to 64 is expected",
                "channel is '" + "9".repeat(100) + "\u2026" + "9".repeat(99)
                        + "'; mix, left, right, each or a number from 1 to 64 is expected",
                "a: channel 2 is asked for, and it has 1 channel",
                "a: the request holds no audio");
        for (int i = 0; i < requests.size(); i++) {
            Status status = refusal(requests.get(i)).getStatus();
            assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
            assertEquals(descriptions.get(i), status.getDescription());
        }
    }

    static Stream<Arguments> damaged() {
        return Stream.of(
                Arguments.of("zero bytes.wav", new byte[100]),
                Arguments.of("text.wav", Recordings.ascii("These are notes, not sounds.\n".repeat(40))),
                Arguments.of("header alone.wav", Recordings.tone(0)),
                Arguments.of("silence.wav", Recordings.silence(3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void damagedRecordingsAreRefusedByNameAndTheServerGoesOn(String name, byte[] recording) {
        Status status = refusal(request(name, recording).build()).getStatus();
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
        assertTrue(status.getDescription().startsWith(name + ": "), status.getDescription());
        assertEquals(1, identify(Recordings.tone(1)).getWindows());
    }

    @Test
    void namesOfEveryLanguageComeBackWhole() {
        Status status = refusal(
                        request("Zilpzalp 100 % müde\n鳥.wav", new byte[9]).build())
                .getStatus();
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
        assertTrue(status.getDescription().startsWith("Zilpzalp 100 % müde\n鳥.wav: "), status.getDescription());
    }

    @Test
    void whatIsTooLargeIsRefusedWithBothSizesAndTheConnectionLives() {
        Status over = refusal(
                        request("big.wav", new byte[MAX_RECORDING_BYTES + 1]).build())
                .getStatus();
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, over.getCode(), over.toString());
        assertEquals("big.wav: 8388609 bytes; this server takes recordings of up to 8388608", over.getDescription());
        Status far = refusal(
                        request("huge.wav", new byte[5 * MAX_RECORDING_BYTES]).build())
                .getStatus();
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, far.getCode(), far.toString());
        assertTrue(far.getDescription().contains("41943"), far.getDescription());
        assertEquals(1, identify(Recordings.tone(1)).getWindows());
    }

    @Test
    void onlyTheRecordingMayBeLarge() {
        String description = "The request holds %d bytes beside the recording; up to 65536 are expected";
        IdentifyRequest.Builder labels = request("tone.wav", Recordings.tone(1));
        for (int i = 0; i < 2_000_000; i++) {
            labels.addIgnoredLabels("n");
        }
        assertRefused(Status.Code.RESOURCE_EXHAUSTED, description.formatted(6_000_010), refusal(labels.build()));
        UnknownFieldSet.Field.Builder unknown = UnknownFieldSet.Field.newBuilder();
        for (int i = 0; i < 70_000; i++) {
            unknown.addVarint(1);
        }
        UnknownFieldSet fields =
                UnknownFieldSet.newBuilder().addField(15, unknown.build()).build();
        assertRefused(
                Status.Code.RESOURCE_EXHAUSTED,
                description.formatted(140_010),
                refusal(request("tone.wav", Recordings.tone(1))
                        .setUnknownFields(fields)
                        .build()));
        StatusRuntimeException model = assertThrows(
                StatusRuntimeException.class,
                () -> stub().getModel(GetModelRequest.newBuilder()
                        .setUnknownFields(fields)
                        .build()));
        assertRefused(Status.Code.RESOURCE_EXHAUSTED, description.formatted(140_000), model);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "5", "S", "-5S", "5s", "123456789S", "5 S", "1.5S"})
    void aTimeoutThatIsNoTimeIsRefused(String timeout) {
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "grpc-timeout is '" + timeout + "'; expected one to eight digits and one of HMSmun",
                refusedFor(timeout));
    }

    @Test
    void aTimeoutOfEightKilobytesIsShortenedWhereItIsQuoted() {
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "grpc-timeout is '" + "9".repeat(100) + "\u2026" + "9".repeat(99)
                        + "'; expected one to eight digits and one of HMSmun",
                refusedFor("9".repeat(7_000)));
    }

    /** A request with this header, which clients write themselves otherwise. */
    private StatusRuntimeException refusedFor(String timeout) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), timeout);
        return assertThrows(
                StatusRuntimeException.class,
                () -> stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                        .identify(request("tone.wav", Recordings.tone(1)).build()));
    }

    @Test
    void aTimeoutOfCenturiesIsATimeout() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "99999999H");
        assertEquals(
                1,
                stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                        .identify(request("tone.wav", Recordings.tone(1)).build())
                        .getWindows());
    }

    @Test
    void reflectionThatIsNoProtobufIsRefused() {
        var reflection = ServerReflectionGrpc.getServerReflectionInfoMethod();
        var byHand = reflection.toBuilder(new Bytes(), reflection.getResponseMarshaller())
                .build();
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingServerStreamingCall(
                                channel(),
                                byHand.toBuilder()
                                        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                                        .build(),
                                CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                                new byte[99])
                        .next());
        assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode(), refused.toString());
    }

    /** Whoever sends it decides how much there is. */
    @Test
    void ofManyRequestsThatCannotBeReadFewAreLoggedShortly() {
        for (int i = 0; i < 50; i++) {
            refusal(channel(), CallOptions.DEFAULT, new Bytes(), new byte[10_000]);
        }
        List<String> lines = log.lines();
        assertTrue(lines.size() <= 20, lines::toString);
        assertEquals(
                List.of(), lines.stream().filter(line -> line.length() > 200).toList());
    }

    @Test
    void anUnknownMethodIsUnimplemented() {
        var unknown = IdentifyServiceGrpc.getGetModelMethod().toBuilder()
                .setFullMethodName("chiffchaff.v1.IdentifyService/Guess")
                .build();
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel(), unknown, io.grpc.CallOptions.DEFAULT, GetModelRequest.getDefaultInstance()));
        assertEquals(Status.Code.UNIMPLEMENTED, refused.getStatus().getCode());
    }
}
