package org.chiffchaff.training;

/** Seeds that depend on the run, on what they are for and on when, and on nothing else: so a resumed run draws the same numbers. */
final class Seeds {
    private Seeds() {}

    /** Well mixed, since neighbouring seeds of ONNX Runtime's dropout share their masks: the finaliser of SplitMix64. */
    static long of(long seed, String purpose, long moment) {
        long z = seed * 0x9E3779B97F4A7C15L + purpose.hashCode() * 0xD1B54A32D192ED03L + moment * 0x8CB92BA72F3D8DD7L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
