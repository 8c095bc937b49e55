package org.chiffchaff.serving;

import io.helidon.common.buffers.BufferData;
import java.util.Arrays;
import java.util.Optional;

/**
 * A request's message, gathered from HTTP/2 frames into the array in which it is read. Helidon 4.4.0 would gather it in
 * an array that it keeps for as long as the call lasts, beside the one that protobuf reads from. The array grows with what
 * arrives: a length is only a claim.
 */
final class MessageBytes {
    /** gRPC's frame of a message: one byte says whether it is compressed, four how long it is. */
    static final int PREFIX_BYTES = 5;

    private final int length;
    private final Share share;
    private byte[] bytes;
    private int gathered;

    /**
     * @param length that the message's prefix states
     * @param arrived bytes of it that have come with the prefix
     * @param share of which room is taken for the array as it grows
     */
    MessageBytes(int length, int arrived, Share share) {
        this.length = length;
        this.share = share;
        this.bytes = new byte[Math.min(length, arrived)];
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
     * Takes the next content of the stream, until the message is whole or there is no room for it.
     *
     * @return why there is no room, if so; the content is then not taken
     */
    Optional<ServingException> take(BufferData content) {
        long needed = Math.min(length, (long) gathered + content.available());
        Optional<ServingException> full = needed <= bytes.length ? Optional.empty() : grow(needed);
        while (full.isEmpty() && gathered < needed) {
            gathered += content.read(bytes, gathered, (int) needed - gathered);
        }
        return full;
    }

    // Twofold, so that what is copied again in all is no more than the message; and whole where little more may come.
    private Optional<ServingException> grow(long needed) {
        long twofold = Math.max(needed, 2L * bytes.length);
        int grown = twofold < length - length / 8 ? (int) twofold : length;
        Optional<ServingException> full = share.grow(grown);
        if (full.isEmpty()) {
            bytes = Arrays.copyOf(bytes, grown);
        }
        return full;
    }

    /** What Helidon is given in place of the whole message: the prefix of one without bytes, and whatever follows it. */
    static BufferData standIn(BufferData rest) {
        return BufferData.create(BufferData.create(new byte[PREFIX_BYTES]), rest);
    }

    boolean whole() {
        return gathered == length;
    }

    byte[] bytes() {
        return bytes;
    }
}
