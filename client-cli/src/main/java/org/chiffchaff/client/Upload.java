package org.chiffchaff.client;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;

/**
 * A request whose recording stays in its file until it is sent: an {@link IdentifyRequest} on the wire, which a server
 * cannot tell from any other. What the transport has not sent yet is in its buffers, and nowhere else.
 *
 * @param question everything but the recording
 * @param bytes of the file
 */
record Upload(IdentifyRequest question, Path file, long bytes) {
    /** {@code Identify}, for uploads. */
    static final MethodDescriptor<Upload, IdentifyResponse> METHOD = IdentifyServiceGrpc.getIdentifyMethod().toBuilder(
                    new Marshaller(), IdentifyServiceGrpc.getIdentifyMethod().getResponseMarshaller())
            .build();

    /** The request up to the recording, which comes last. */
    private byte[] head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        CodedOutputStream fields = CodedOutputStream.newInstance(head);
        question.writeTo(fields);
        fields.writeTag(IdentifyRequest.AUDIO_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        fields.writeUInt64NoTag(bytes);
        fields.flush();
        return head.toByteArray();
    }

    private record Marshaller() implements MethodDescriptor.Marshaller<Upload> {
        @Override
        public InputStream stream(Upload upload) {
            try {
                byte[] head = upload.head();
                return new Message(head, Files.newInputStream(upload.file()), head.length + upload.bytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Upload parse(InputStream stream) {
            throw new UnsupportedOperationException("uploads are only sent");
        }
    }

    /** A message of a known length. */
    private static final class Message extends SequenceInputStream implements KnownLength, Drainable {
        private long left;

        Message(byte[] head, InputStream file, long length) {
            super(new ByteArrayInputStream(head), file);
            this.left = length;
        }

        @Override
        public int available() {
            return Math.toIntExact(left);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            byte[] buffer = new byte[64 << 10];
            int drained = 0;
            while (left > 0) {
                // What was added to the file since is not sent.
                int count = read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException("the file has shrunk by " + left + " bytes while it was sent");
                }
                target.write(buffer, 0, count);
                left -= count;
                drained += count;
            }
            return drained;
        }
    }
}
