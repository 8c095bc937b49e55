package org.chiffchaff.data;

/** Random numbers that depend on a seed and on what they are for: not on order, Java version or what else there is. */
public final class Seeds {
    private Seeds() {}

    /** A well-mixed 64-bit number. String.hashCode is part of Java's specification, so this holds everywhere. */
    static long of(long seed, String name) {
        return mix(mix(seed + 0x9E3779B97F4A7C15L) + name.hashCode());
    }

    /**
     * The same for one moment of many, so that a resumed run draws the numbers of one that was not stopped. As well
     * mixed: neighbouring seeds of ONNX Runtime's dropout share their masks.
     */
    public static long of(long seed, String purpose, long moment) {
        return mix(
                seed * 0x9E3779B97F4A7C15L + purpose.hashCode() * 0xD1B54A32D192ED03L + moment * 0x8CB92BA72F3D8DD7L);
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
