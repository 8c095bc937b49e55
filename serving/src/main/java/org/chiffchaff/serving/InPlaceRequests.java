package org.chiffchaff.serving;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
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

/**
 * Reads requests over the very bytes in which they arrived: a recording stays there until it is decoded. protobuf as gRPC
 * sets it up copies one twice on its way, and what it cannot read becomes a stack trace in the log and, for the caller,
 * UNKNOWN or silence; here it becomes a refusal.
 */
final class InPlaceRequests {
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
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            input.enableAliasing(true);
            var message = ((MessageLite) marshaller.getMessagePrototype())
                    .getParserForType()
                    .parseFrom(input);
            input.checkLastTagWas(0);
            return (T) message;
        }
    }
}
