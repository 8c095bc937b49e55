package org.chiffchaff.audio;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Bytes in memory. A copy of them would double the memory of every upload.
 *
 * @param encoded read from its position to its limit, neither of which is moved
 */
record MemorySource(String name, ByteBuffer encoded) implements AudioSource {
    MemorySource {
        Objects.requireNonNull(name, "name");
        // Positions of its own, so that several threads may decode the same source at once.
        encoded = encoded.slice().asReadOnlyBuffer();
    }
}
