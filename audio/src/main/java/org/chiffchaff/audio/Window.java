package org.chiffchaff.audio;

/**
 * A stretch of a recording.
 *
 * @param offsetSeconds from the start of the recording to the first sample
 * @param samples mono, [windowSamples], full scale 1.0; the receiver's to keep and to change
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, not shared; windows are not compared.
public record Window(double offsetSeconds, float[] samples) {}
