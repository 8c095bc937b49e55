package org.chiffchaff.models;

import java.util.List;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * The feature front-end as one graph: waveform to mel-frequency cepstral coefficients with their deltas. It follows
 * librosa's {@code mfcc} and {@code delta} with the settings of the {@link FeatureSpec}, and uses only operators with
 * CPU and CUDA kernels.
 */
public final class FrontEnd {
    /** Loudness is kept down to so many decibels below the loudest of the window. */
    private static final double DYNAMIC_RANGE_DECIBELS = 80;

    /** Power below this counts as this: -100 dB. */
    private static final double LEAST_POWER = 1e-10;

    private FrontEnd() {}

    /** The graph: {@code waveform} [batch, samples] in [-1, 1] to {@code features} [batch, 3, coefficients, frames]. */
    public static Graph graph(FeatureSpec spec) {
        GraphBuilder graph = new GraphBuilder("front-end");
        Ops ops = new Ops(graph);
        Value waveform = graph.input("waveform", ElementType.FLOAT, Shape.of(Shape.DYNAMIC, spec.windowSamples()));
        Value power = powerSpectrum(ops, waveform, spec);
        Value coefficients = cepstrum(ops, power, spec);
        Value features = withDeltas(ops, coefficients, spec);
        if (spec.normalise() == FeatureSpec.Normalise.WINDOW) {
            graph.scope("normalise");
            features = ops.sub(features, ops.reduceMean(features, true, 3));
        }
        graph.output("features", features);
        return graph.build();
    }

    // A frame is two blocks of one hop each. The window is symmetric, so sample n of a frame and sample N - n meet the
    // same cosine and opposite sines: adding and subtracting the second block, reversed, from the first halves the work
    // of the transform. [batch, samples] -> [batch, frames, hop + 1]
    private static Value powerSpectrum(Ops ops, Value waveform, FeatureSpec spec) {
        ops.graph().scope("spectrum");
        long hop = spec.hopSamples();
        long framed = hop * spec.frames();
        Value padded = ops.pad(waveform, new long[] {0, hop}, new long[] {0, framed - spec.windowSamples()});
        Shape blocks = Shape.of(Shape.DYNAMIC, spec.frames(), hop);
        Value rising = ops.reshape(ops.slice(padded, 1, 1, 1 + framed, 1), blocks);
        Value falling = ops.reverse(ops.reshape(ops.slice(padded, 1, hop, hop + framed, 1), blocks), 2);
        Value real = ops.matmul(ops.add(rising, falling), ops.constant(FrontEndTables.cosines(spec)));
        Value imaginary = ops.matmul(ops.sub(rising, falling), ops.constant(FrontEndTables.sines(spec)));
        return ops.add(ops.mul(real, real), ops.mul(imaginary, imaginary));
    }

    // [batch, frames, hop + 1] -> [batch, coefficients, frames]
    private static Value cepstrum(Ops ops, Value power, FeatureSpec spec) {
        ops.graph().scope("cepstrum");
        Value mel = ops.matmul(power, ops.constant(FrontEndTables.melFilters(spec)));
        Value logarithm = ops.log(ops.max(mel, ops.scalarLike(mel, LEAST_POWER)));
        Value decibels = ops.mul(logarithm, ops.scalarLike(mel, 10 / Math.log(10)));
        Value floor = ops.sub(ops.reduceMax(decibels, true, 1, 2), ops.scalarLike(mel, DYNAMIC_RANGE_DECIBELS));
        Value cosine = ops.constant(FrontEndTables.cosineTransform(spec));
        return ops.transpose(ops.matmul(ops.max(decibels, floor), cosine), 0, 2, 1);
    }

    // [batch, coefficients, frames] -> [batch, 3, coefficients, frames]
    private static Value withDeltas(Ops ops, Value coefficients, FeatureSpec spec) {
        ops.graph().scope("deltas");
        Value first = ops.matmul(coefficients, ops.constant(FrontEndTables.delta(spec.frames(), 1)));
        Value second = ops.matmul(coefficients, ops.constant(FrontEndTables.delta(spec.frames(), 2)));
        return ops.concat(
                1, List.of(ops.unsqueeze(coefficients, 1), ops.unsqueeze(first, 1), ops.unsqueeze(second, 1)));
    }

    /** Windows side by side as one tensor [batch, samples]. */
    public static Tensor waveform(float[][] windows, FeatureSpec spec) {
        float[] all = new float[windows.length * spec.windowSamples()];
        for (int i = 0; i < windows.length; i++) {
            if (windows[i].length != spec.windowSamples()) {
                throw new ModelException("Window " + i + " has " + windows[i].length + " samples; the model takes "
                        + spec.windowSamples());
            }
            System.arraycopy(windows[i], 0, all, i * spec.windowSamples(), windows[i].length);
        }
        return Tensor.of(all, windows.length, spec.windowSamples());
    }
}
