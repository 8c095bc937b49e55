package org.chiffchaff.serving;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.chiffchaff.v1.IdentifyRequest;

/**
 * Reads requests over the very bytes in which they arrived: a recording stays there until it is decoded. protobuf as gRPC
 * sets it up copies one twice on its way, and what it cannot read becomes a stack trace in the log and, for the caller,
 * UNKNOWN or silence; here it becomes a refusal. So does what would become millions of objects: only a recording may be
 * large.
 */
final class InPlaceRequests {
    private static final int AUDIO_TAG = IdentifyRequest.AUDIO_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private InPlaceRequests() {}

    /** The same service, whose methods take {@link Arrival}s. */
    static ServerServiceDefinition of(ServerServiceDefinition service) {
        List<ServerMethodDefinition<?, ?>> methods = service.getMethods().stream()
                .<ServerMethodDefinition<?, ?>>map(InPlaceRequests::of)
                .toList();
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(
                        service.getServiceDescriptor().getName())
                .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder inPlace = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(inPlace::addMethod);
        return inPlace.build();
    }

    private static <Q, R> ServerMethodDefinition<Q, R> of(ServerMethodDefinition<Q, R> method) {
        MethodDescriptor<Q, R> descriptor = method.getMethodDescriptor();
        var marshaller = (MethodDescriptor.PrototypeMarshaller<Q>) descriptor.getRequestMarshaller();
        return ServerMethodDefinition.create(
                descriptor.toBuilder()
                        .setRequestMarshaller(new InPlace<>(marshaller))
                        .build(),
                method.getServerCallHandler());
    }

    private record InPlace<T>(MethodDescriptor.PrototypeMarshaller<T> marshaller)
            implements MethodDescriptor.Marshaller<T> {
        @Override
        public InputStream stream(T message) {
            return marshaller.stream(message);
        }

        @Override
        public T parse(InputStream stream) {
            Arrival arrival = Arrival.KEY.get();
            try {
                return read(arrival.bytes(stream));
            } catch (IOException unreadable) {
                UnreadableLog.tell(unreadable.getMessage());
                arrival.refuse(Status.INVALID_ARGUMENT
                        .withDescription("The request cannot be read: " + unreadable.getMessage())
                        .asRuntimeException(new Metadata()));
            } catch (StatusRuntimeException tooMuch) {
                arrival.refuse(tooMuch);
            }
            // Nobody will look at it, but there has to be one.
            return marshaller.getMessagePrototype();
        }

        @SuppressWarnings("unchecked") // a message's parser gives messages of its kind
        private T read(byte[] bytes) throws IOException {
            boolean holdsAudio = marshaller.getMessagePrototype() instanceof IdentifyRequest;
            int rest = bytes.length <= ServerConfig.MESSAGE_SLACK_BYTES ? bytes.length : rest(bytes, holdsAudio);
            if (rest > ServerConfig.MESSAGE_SLACK_BYTES) {
                throw Status.RESOURCE_EXHAUSTED
                        .withDescription("The request holds " + rest + " bytes beside the recording; up to "
                                + ServerConfig.MESSAGE_SLACK_BYTES + " are expected")
                        .asRuntimeException(new Metadata());
            }
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            input.enableAliasing(true);
            var message = ((MessageLite) marshaller.getMessagePrototype())
                    .getParserForType()
                    .parseFrom(input);
            input.checkLastTagWas(0);
            return (T) message;
        }

        /** How many bytes are not the recording; of several, the largest is it. Looks at the outermost fields, copies none. */
        private static int rest(byte[] bytes, boolean holdsAudio) throws IOException {
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            int recording = 0;
            int start = 0;
            int tag = input.readTag();
            while (tag != 0 && input.skipField(tag)) {
                int end = input.getTotalBytesRead();
                if (holdsAudio && tag == AUDIO_TAG) {
                    recording = Math.max(recording, end - start);
                }
                start = end;
                tag = input.readTag();
            }
            return input.getTotalBytesRead() - recording;
        }
    }
}
