package org.chiffchaff.benchmarks;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.FrontEnd;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Waveform to features, the copies to and from native memory included. The score is windows of 5 s per second; the cost
 * of a window does not depend on what is in it, so noise will do.
 *
 * <p>Two forks, because what memory a session gets from the system differs from process to process, and with it a few
 * per cent of its speed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(2)
public class FrontEndBenchmark {
    private static final int BATCH = 8;
    private static final FeatureSpec SPEC = FeatureSpec.standard(FeatureSpec.Normalise.WINDOW);
    private static final double TOLERANCE = 1e-3;

    @Param({"1", "2"})
    public int threads;

    private OnnxModel model;
    private Tensor one;
    private Tensor eight;

    @Setup
    public void load() {
        Random random = new Random(42);
        float[][] windows = new float[BATCH][SPEC.windowSamples()];
        for (float[] window : windows) {
            for (int i = 0; i < window.length; i++) {
                window[i] = (float) random.nextGaussian(0, 0.1);
            }
        }
        model = OnnxModel.load(FrontEnd.graph(SPEC), threads);
        one = FrontEnd.waveform(new float[][] {windows[0]}, SPEC);
        eight = FrontEnd.waveform(windows, SPEC);
        verify();
    }

    /** A window's features are the same alone and in company. */
    private void verify() {
        float[] alone = batchOf1().floats();
        float[] first = batchOf8().floats();
        for (int i = 0; i < alone.length; i++) {
            if (!(Math.abs(alone[i] - first[i]) <= TOLERANCE)) {
                throw new BenchmarkException("Feature " + i + " is " + alone[i] + " in a batch of 1 and " + first[i]
                        + " in a batch of " + BATCH);
            }
        }
    }

    @Benchmark
    public Tensor batchOf1() {
        return model.run(one).getFirst();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Tensor batchOf8() {
        return model.run(eight).getFirst();
    }

    @TearDown
    public void close() {
        model.close();
    }
}
