package org.chiffchaff.audio;

import java.util.Objects;

// Nobody compares sources, and a defensive copy would double the memory of every upload.
@SuppressWarnings("ArrayRecordComponent")
record MemorySource(String name, byte[] encoded) implements AudioSource {
    MemorySource {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(encoded, "encoded");
    }
}
