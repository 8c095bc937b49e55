package org.chiffchaff.models;

/** How a waveform becomes the features a model looks at. It travels in the manifest. */
public record FeatureSpec(
        int sampleRate, int windowSamples, int fftSize, int hop, int melBands, int coefficients, String normalise) {

    /** Length of the model's window. */
    public double windowSeconds() {
        return (double) windowSamples / sampleRate;
    }
}
