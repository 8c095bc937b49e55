package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * What the readers of headers take out of a recording's channel, as long as anybody waits for it: headers may be most
 * of the file.
 */
record ChannelBytes(String name, SeekableByteChannel encoded, DecodeLimits limits) {

    /** Bytes from a position on, big-endian; zeros where the file has ended. */
    ByteBuffer read(long position, int count) throws IOException {
        limits.requireGoingOn(name);
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.BIG_ENDIAN);
        encoded.position(position);
        while (bytes.hasRemaining() && encoded.read(bytes) >= 0) {}
        return bytes;
    }

    /** How many bytes there are. */
    long size() throws IOException {
        return encoded.size();
    }

    /** Four characters, one a byte. */
    static String text(ByteBuffer bytes, int offset) {
        byte[] letters = new byte[4];
        bytes.get(offset, letters);
        return new String(letters, StandardCharsets.ISO_8859_1);
    }
}
