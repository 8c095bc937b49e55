package org.chiffchaff.data;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/** One bird of an invented species, with a pitch and a tempo of its own, singing onto a canvas. */
final class Singer {
    private final Canvas canvas;
    private final SplittableRandom random;
    private final double pitch;
    private final double tempo;
    private double now;

    Singer(Canvas canvas, double start, SplittableRandom random) {
        this.canvas = canvas;
        this.random = random;
        pitch = random.nextDouble(0.92, 1.08);
        tempo = random.nextDouble(0.85, 1.18);
        now = start;
    }

    /** Where the next note begins, in seconds. */
    double now() {
        return now;
    }

    /** A steady note. */
    void note(double seconds, double hertz, double... overtones) {
        sweep(seconds, hertz, hertz, overtones);
    }

    /** A note from one pitch to another. */
    void sweep(double seconds, double from, double to, double... overtones) {
        curve(seconds, progress -> from + (to - from) * progress, overtones);
    }

    /** A note whose pitch swings around a middle. */
    void vibrato(double seconds, double hertz, double swing, double swingsPerSecond) {
        double swings = swingsPerSecond * seconds;
        curve(seconds, progress -> hertz + swing * Canvas.sine(swings * progress));
    }

    /** A harsh note: noise around a pitch. */
    void rasp(double seconds, double hertz, double bandwidth) {
        canvas.hiss(now, seconds * tempo, hertz * pitch, bandwidth);
        now += seconds * tempo;
    }

    void pause(double seconds) {
        now += seconds * tempo * random.nextDouble(0.9, 1.1);
    }

    private void curve(double seconds, DoubleUnaryOperator hertz, double... overtones) {
        // No note of a bird is quite like the one before.
        double offset = pitch * random.nextDouble(0.99, 1.01);
        canvas.tone(now, seconds * tempo, progress -> offset * hertz.applyAsDouble(progress), overtones);
        now += seconds * tempo;
    }
}
