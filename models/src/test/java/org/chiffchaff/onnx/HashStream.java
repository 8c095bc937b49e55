package org.chiffchaff.onnx;

/**
 * The numbers of tools/golden/hashing.py, bit for bit: inputs and weights of the golden runs are made by both sides
 * rather than stored.
 */
public final class HashStream {
    private HashStream() {}

    /** u(index, stream), in [-1, 1) and exact. */
    public static double uniform(long index, long stream) {
        int hash = mix((int) (index * 2654435761L + stream * 40503 + 12345));
        return Integer.toUnsignedLong(hash) * 0x1p-31 - 1;
    }

    // The finaliser of MurmurHash3 (Appleby).
    private static int mix(int seed) {
        int hash = (seed ^ (seed >>> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
        return hash ^ (hash >>> 16);
    }
}
