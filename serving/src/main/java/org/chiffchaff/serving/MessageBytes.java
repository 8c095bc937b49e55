package org.chiffchaff.serving;

import io.helidon.common.buffers.BufferData;

/**
 * A request's message, gathered from HTTP/2 frames into the array in which it is read. Helidon 4.4.0 would gather it in
 * an array that it keeps for as long as the call lasts, beside the one that protobuf reads from.
 */
final class MessageBytes {
    /** gRPC's frame of a message: one byte says whether it is compressed, four how long it is. */
    static final int PREFIX_BYTES = 5;

    private final byte[] bytes;
    private int gathered;

    MessageBytes(int length) {
        bytes = new byte[length];
    }

    /** The length that a prefix states; nothing is read. */
    static long length(BufferData prefix) {
        long length = 0;
        for (int i = 1; i < PREFIX_BYTES; i++) {
            length = length << 8 | (prefix.get(i) & 0xff);
        }
        return length;
    }

    /**
     * Takes the next content of the stream, until the message is whole.
     *
     * @return what Helidon is to be given: nothing before the message is whole; then the prefix of a message without bytes,
     *     which stands for this one, and whatever follows it
     */
    BufferData take(BufferData content) {
        while (!whole() && content.available() > 0) {
            gathered += content.read(bytes, gathered, Math.min(bytes.length - gathered, content.available()));
        }
        return whole() ? BufferData.create(BufferData.create(new byte[PREFIX_BYTES]), content) : BufferData.empty();
    }

    private boolean whole() {
        return gathered == bytes.length;
    }

    byte[] bytes() {
        return bytes;
    }
}
