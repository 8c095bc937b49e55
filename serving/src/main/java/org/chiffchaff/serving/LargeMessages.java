package org.chiffchaff.serving;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Lets Helidon 4.4.0 read messages above 4 MiB. Up to there grpc-java reads a message in one piece; above, protobuf
 * reads it as a stream, and Helidon's stream answers 0 at its end where Java's contract says -1: protobuf gives up,
 * Helidon logs it, and the caller is told nothing.
 */
final class LargeMessages {
    private LargeMessages() {}

    static ServerServiceDefinition readable(ServerServiceDefinition service) {
        ServerServiceDefinition.Builder builder =
                ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
        service.getMethods().forEach(method -> add(builder, method));
        return builder.build();
    }

    private static <Q, R> void add(ServerServiceDefinition.Builder builder, ServerMethodDefinition<Q, R> method) {
        MethodDescriptor<Q, R> descriptor = method.getMethodDescriptor();
        builder.addMethod(
                descriptor.toBuilder()
                        .setRequestMarshaller(new EndingMarshaller<>(descriptor.getRequestMarshaller()))
                        .build(),
                method.getServerCallHandler());
    }

    private record EndingMarshaller<T>(MethodDescriptor.Marshaller<T> marshaller)
            implements MethodDescriptor.Marshaller<T> {
        @Override
        public InputStream stream(T message) {
            return marshaller.stream(message);
        }

        @Override
        public T parse(InputStream stream) {
            return marshaller.parse(new EndingStream(stream));
        }
    }

    /** A stream that knows how long it is and says when it has ended. */
    private static final class EndingStream extends FilterInputStream implements KnownLength {
        EndingStream(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            return available() == 0 ? -1 : super.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return available() == 0 && length > 0 ? -1 : super.read(bytes, offset, length);
        }
    }
}
