package org.chiffchaff.audio;

import java.nio.ByteBuffer;

/** Holds what the setups of codings make their decoders allocate against what recordings need. */
final class CodingClaims {
    /** WavPack's longest frame; at 1 kHz two minutes, of which the resampler makes up to 50 times as many samples. */
    static final int MOST_FRAME_SAMPLES = 1 << 17;

    // FFmpeg starts a decoder for every stream to learn what it is. Encoders' books hold a fifth of a million.
    private static final long MOST_BOOK_VALUES = 4 << 20;

    private final String name;
    private long bookValues;

    CodingClaims(String name) {
        this.name = name;
    }

    /**
     * Looks at one stream's setup.
     *
     * @param coding by FFmpeg's name
     * @param setup what the container keeps for the decoder
     * @throws AudioException where it claims more than there can be
     */
    void add(String coding, ByteBuffer setup) {
        ByteBuffer bytes = setup.slice(); // big-endian
        if (coding.equals("alac") && bytes.remaining() >= 16) {
            // Behind a box's header of 8 bytes, and its version.
            long samples = Integer.toUnsignedLong(bytes.getInt(12));
            require(samples, MOST_FRAME_SAMPLES, "samples in a frame of ALAC");
        } else if (coding.equals("vorbis")) {
            bookValues += VorbisBooks.values(bytes);
            require(bookValues, MOST_BOOK_VALUES, "values in the code books of Vorbis");
        }
    }

    private void require(long claimed, long most, String what) {
        if (claimed > most) {
            throw new AudioException(name, "claims " + claimed + " " + what + "; at most " + most + " are expected");
        }
    }
}
