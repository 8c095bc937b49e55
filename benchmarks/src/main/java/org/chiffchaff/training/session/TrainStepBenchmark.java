package org.chiffchaff.training.session;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.chiffchaff.benchmarks.TemporaryFolder;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.LossHead;
import org.chiffchaff.models.NetworkSettings;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.training.TrainingException;
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
 * One step of the optimizer as {@code train} does it on the CPU: AudioCNN, focal loss, AdamW, dropout. The score is
 * images, that is windows, per second. It lies in the package it measures, as a test would, so that nothing is public
 * for its sake.
 *
 * <p>A step takes tenths of a second, nearly all of them native: iterations are long enough for dozens of steps, and
 * the warm-up is for the memory that ONNX Runtime gathers in its first ones. One fork; {@code compare-training.sh}
 * repeats it. The launcher's settings for glibc's memory matter: without them this is the speed of page faults.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 5, time = 10)
@Fork(1)
public class TrainStepBenchmark {
    private static final int CLASSES = 89;
    private static final float LEARNING_RATE = 1e-3f;
    private static final FeatureSpec SPEC = FeatureSpec.standard(FeatureSpec.Normalise.WINDOW);

    /** Native threads of a step. */
    @Param("2")
    public int threads;

    private OrtTrainer trainer;
    private long steps;
    private float firstLoss;
    private float lastLoss;
    private Batch of32;
    private Batch of64;

    private record Batch(Tensor features, Tensor labels) {
        static Batch of(int size) {
            Random random = new Random(size);
            float[] features = new float[size * SPEC.featureSize()];
            for (int i = 0; i < features.length; i++) {
                features[i] = (float) random.nextGaussian();
            }
            long[] labels = random.longs(size, 0, CLASSES).toArray();
            return new Batch(
                    Tensor.of(features, SPEC.featureShape().with(0, size).toArray()), Tensor.of(labels, size));
        }
    }

    @Setup
    public void open() throws IOException {
        Graph network = Architecture.AUDIOCNN.graph(new NetworkSettings(SPEC, CLASSES, 0.3f, 42));
        TrainingArtifacts artifacts =
                TrainingArtifacts.of(network, LossHead.FOCAL.graph(CLASSES), AdamW.of(1e-4f, 0), Device.CPU);
        try (TemporaryFolder folder = new TemporaryFolder()) {
            TrainingArtifacts.Paths files = artifacts.write(folder.path());
            trainer = OrtTrainer.open(files, files.checkpoint(), Device.CPU, threads);
        }
        of32 = Batch.of(32);
        of64 = Batch.of(64);
    }

    @Benchmark
    @OperationsPerInvocation(32)
    public float batchOf32() {
        return step(of32);
    }

    @Benchmark
    @OperationsPerInvocation(64)
    public float batchOf64() {
        return step(of64);
    }

    private float step(Batch batch) {
        lastLoss = trainer.backward(batch.features(), batch.labels(), 1, LEARNING_RATE, steps)
                .loss();
        trainer.update(LEARNING_RATE);
        firstLoss = steps == 0 ? lastLoss : firstLoss;
        steps++;
        return lastLoss;
    }

    /** The same batch over and over is soon known by heart, or this is no training. */
    @TearDown
    public void close() {
        trainer.close();
        if (!(lastLoss < firstLoss)) {
            throw new TrainingException(
                    "The loss went from " + firstLoss + " to " + lastLoss + " in " + steps + " steps on one batch");
        }
    }
}
