package org.chiffchaff.training.feed;

import java.nio.ByteBuffer;

/** The features of one recording, wherever they lie. Thread-safe. */
public interface Features {
    /** How many windows it has. */
    int windows();

    /** How many bytes each of them takes. */
    int windowBytes();

    /**
     * Puts the features of one window, float32 [3, coefficients, frames] in little-endian bytes, into a buffer, at its
     * position.
     */
    void read(int window, ByteBuffer into);
}
