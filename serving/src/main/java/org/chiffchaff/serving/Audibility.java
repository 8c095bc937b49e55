package org.chiffchaff.serving;

/**
 * Whether a window holds sound. A network gives some species or other to whatever it is shown, to a constant and to five
 * milliseconds before nothing, too; so it is not asked.
 */
final class Audibility {
    /** Of sound, so that a window is worth asking about. */
    static final double LEAST_SECONDS = 0.2;

    // Short enough that what lies below the front-end's lowest band hardly moves within one.
    private static final double BLOCK_SECONDS = 0.01;
    // -86 dBFS: above the steps of 16 bits, below the hiss of any microphone.
    private static final float LEAST_SWING = 1e-4f;

    private Audibility() {}

    /**
     * Whether at least {@value #LEAST_SECONDS} s of a window hold sound.
     *
     * @param samples of the window, full scale 1.0
     * @param sampleRate in Hz
     */
    static boolean isAudible(float[] samples, int sampleRate) {
        int blockSamples = (int) Math.ceil(BLOCK_SECONDS * sampleRate);
        int audible = 0;
        for (int start = 0; start < samples.length; start += blockSamples) {
            int end = Math.min(start + blockSamples, samples.length);
            if (swing(samples, start, end) >= LEAST_SWING) {
                audible += end - start;
            }
        }
        return audible >= LEAST_SECONDS * sampleRate;
    }

    // From the lowest sample to the highest: a constant has none.
    private static float swing(float[] samples, int start, int end) {
        float lowest = samples[start];
        float highest = samples[start];
        for (int i = start + 1; i < end; i++) {
            lowest = Math.min(lowest, samples[i]);
            highest = Math.max(highest, samples[i]);
        }
        return highest - lowest;
    }
}
