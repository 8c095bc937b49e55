package org.chiffchaff.audio;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An encoded recording, in a file or in memory. What it holds is told by its content; neither the file's extension nor
 * the name counts. Nothing is read before the source is decoded, so a missing file is {@link PcmStream#open}'s error.
 */
public sealed interface AudioSource permits FileSource, MemorySource {
    /** A file. Its name is the path as given. */
    static AudioSource of(Path file) {
        return new FileSource(file);
    }

    /**
     * Bytes in memory, decoded where they lie: never copied to a file, never changed. The caller leaves them alone
     * while they are decoded; several threads may decode the same source at once.
     *
     * @param name what error messages call it
     */
    static AudioSource of(String name, byte[] encoded) {
        return of(name, ByteBuffer.wrap(encoded));
    }

    /** The same for what remains in a buffer, whose position stays where it is. */
    static AudioSource of(String name, ByteBuffer encoded) {
        return new MemorySource(name, encoded);
    }

    /** What error messages call this source. */
    String name();
}
