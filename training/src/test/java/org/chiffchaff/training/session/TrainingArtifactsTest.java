package org.chiffchaff.training.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.chiffchaff.models.LossHead;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.HashStream;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A network of two channels, so that what is asked of the artifacts does not depend on any architecture of ours. */
class TrainingArtifactsTest {
    private static final int CLASSES = 4;

    @TempDir
    Path folder;

    @Test
    void learnsEightClipsByHeart() throws IOException {
        try (OrtTrainer trainer = trainer(LossHead.CROSS_ENTROPY.graph(CLASSES))) {
            double first = loss(trainer, 8);
            for (int step = 0; step < 300; step++) {
                step(trainer, features(8), labels(8), 0.02f, step);
            }
            assertTrue(first > 0.5 * Math.log(CLASSES), "untrained loss " + first);
            assertTrue(loss(trainer, 8) < 1e-2, "loss after 300 steps: " + loss(trainer, 8));
        }
    }

    @Test
    void trainsBatchesOfAnySize() throws IOException {
        try (OrtTrainer trainer = trainer(LossHead.CROSS_ENTROPY.graph(CLASSES))) {
            double before = loss(trainer, 8);
            for (int step = 0; step < 20; step++) {
                int size = new int[] {8, 3, 1}[step % 3];
                OrtTrainer.Pass taken = step(trainer, features(size), labels(size), 0.02f, step);
                assertEquals(Shape.of(size, CLASSES), taken.logits().shape());
                assertTrue(taken.gradientNorm() > 0);
            }
            assertTrue(loss(trainer, 8) < before);
        }
    }

    @Test
    void aLearningRateOfZeroMovesNothing() throws IOException {
        try (OrtTrainer trainer = trainer(LossHead.CROSS_ENTROPY.graph(CLASSES))) {
            double before = loss(trainer, 8);
            step(trainer, features(8), labels(8), 0, 0);
            assertEquals(before, loss(trainer, 8));
        }
    }

    // Scores that count for nothing leave every gradient zero, so that the decay alone moves anything.
    @Test
    void weightsShrinkByTheirShareAndBiasesStay() throws IOException {
        Graph network = network(0);
        try (OrtTrainer trainer = trainer(network, LossHead.CROSS_ENTROPY.graph(CLASSES), 0.1f, 0)) {
            for (int step = 0; step < 10; step++) {
                step(trainer, features(8), labels(8), 0.02f, step);
            }
            trainer.save(folder.resolve("decayed"));
        }
        Checkpoint decayed = Checkpoint.read(folder.resolve("decayed"));
        network.parameters().forEach(parameter -> {
            String name = parameter.name();
            float[] found = decayed.parameter(name).floats();
            float[] expected = parameter.initial().floats();
            double rest = name.endsWith(".weight") ? Math.pow(1 - 0.02 * 0.1, 10) : 1;
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i] * rest, found[i], rest == 1 ? 0 : 1e-6 * Math.abs(expected[i]), name);
            }
        });
    }

    // Decoupled: the optimizer's own move is the same with decay and without, and both are of the same weights.
    @Test
    void decayIsNoPartOfTheGradient() throws IOException {
        Graph network = network(1);
        Checkpoint without = afterOneStep(network, 0);
        Checkpoint with = afterOneStep(network, 0.1f);
        network.parameters().forEach(parameter -> {
            String name = parameter.name();
            double share = name.endsWith(".weight") ? 0.02 * 0.1 : 0;
            for (int i = 0; i < parameter.initial().floats().length; i++) {
                double taken = without.parameter(name).floats()[i]
                        - with.parameter(name).floats()[i];
                double expected = share * parameter.initial().floats()[i];
                assertEquals(expected, taken, share == 0 ? 0 : 2e-7, name + "[" + i + "]");
            }
        });
    }

    private Checkpoint afterOneStep(Graph network, float weightDecay) throws IOException {
        try (OrtTrainer trainer = trainer(network, LossHead.CROSS_ENTROPY.graph(CLASSES), weightDecay, 0)) {
            step(trainer, features(8), labels(8), 0.02f, 0);
            trainer.save(folder.resolve("one-step"));
        }
        return Checkpoint.read(folder.resolve("one-step"));
    }

    // Batches of 3, 3 and 2 windows in three passes, and the same eight at once. Weights that are updated must agree,
    // and so must what a step tells and what it is clipped by: the sum's length, which is not the sum of lengths.
    @ParameterizedTest
    @ValueSource(floats = {0, 0.05f})
    void gradientsThatAreAddedUpEqualThoseOfTheLargeBatch(float clipNorm) throws IOException {
        Graph network = network(1);
        Graph head = LossHead.FOCAL.graph(CLASSES);
        double norm = 0;
        try (OrtTrainer whole = trainer(network, head, 0.1f, clipNorm)) {
            for (int step = 0; step < 5; step++) {
                norm = step(whole, features(8), labels(8), 0.02f, step).gradientNorm();
                assertTrue(norm > 0.05, "clipped from " + norm);
            }
            whole.save(folder.resolve("whole"));
        }
        try (OrtTrainer parts = trainer(network, head, 0.1f, clipNorm)) {
            for (int step = 0; step < 5; step++) {
                parts.backward(rows(features(8), 0, 3), rows(labels(8), 0, 3), 3 / 8f, 0, step);
                parts.backward(rows(features(8), 3, 6), rows(labels(8), 3, 6), 3 / 8f, 0, step);
                OrtTrainer.Pass last =
                        parts.backward(rows(features(8), 6, 8), rows(labels(8), 6, 8), 2 / 8f, 0.02f, step);
                parts.update(0.02f);
                if (step == 4) {
                    assertEquals(norm, last.gradientNorm(), 1e-5 * norm);
                }
            }
            parts.save(folder.resolve("parts"));
        }
        Checkpoint whole = Checkpoint.read(folder.resolve("whole"));
        Checkpoint parts = Checkpoint.read(folder.resolve("parts"));
        whole.trainable()
                .forEach((name, tensor) ->
                        assertArrayEquals(tensor.floats(), parts.parameter(name).floats(), 1e-5f, name));
    }

    private static Tensor rows(Tensor all, int from, int to) {
        long rows = all.shape().dims().getFirst();
        int rowBytes = (int) (all.bytes().remaining() / rows);
        ByteBuffer some = ByteBuffer.allocate((to - from) * rowBytes)
                .put(all.bytes().slice(from * rowBytes, (to - from) * rowBytes))
                .flip();
        return Tensor.of(all.type(), all.shape().with(0, to - from), some);
    }

    // gamma 0 leaves alpha times the cross-entropy; a higher gamma takes weight from what is easy to tell.
    @Test
    void frozenParametersOfTheLossCount() throws IOException {
        double crossEntropy = lossOf(LossHead.CROSS_ENTROPY.graph(CLASSES));
        assertEquals(0.25 * crossEntropy, lossOf(focal(0, 0.25f)), 1e-6);
        assertEquals(crossEntropy, lossOf(focal(0, 1)), 1e-6);
        double two = lossOf(focal(2, 1));
        double five = lossOf(focal(5, 1));
        assertTrue(five < two && two < crossEntropy, five + " < " + two + " < " + crossEntropy);
    }

    @ParameterizedTest
    @EnumSource(LossHead.class)
    void aLabelOfNoClassMakesTheLossNotANumber(LossHead head) throws IOException {
        for (long label : new long[] {-1, CLASSES}) {
            Tensor labels = Tensor.of(new long[] {0, label, 1}, 3);
            try (OrtTrainer trainer = trainer(head.graph(CLASSES))) {
                assertEquals(Float.NaN, trainer.evaluate(features(3), labels).loss());
                assertEquals(
                        Float.NaN, step(trainer, features(3), labels, 0.02f, 0).loss());
            }
        }
    }

    private double lossOf(Graph head) throws IOException {
        try (OrtTrainer trainer = trainer(head)) {
            return loss(trainer, 8);
        }
    }

    private static double loss(OrtTrainer trainer, int batch) {
        return trainer.evaluate(features(batch), labels(batch)).loss();
    }

    private static Graph focal(float gamma, float alpha) {
        return LossHead.FOCAL
                .graph(CLASSES)
                .withParameters(
                        Map.of(LossHead.GAMMA, Tensor.scalar(gamma), LossHead.ALPHA, Tensor.filled(alpha, CLASSES)));
    }

    private OrtTrainer trainer(Graph head) throws IOException {
        return trainer(network(1), head, 0, 0);
    }

    private OrtTrainer trainer(Graph network, Graph head, float weightDecay, float clipNorm) throws IOException {
        TrainingArtifacts.Paths files = TrainingArtifacts.of(network, head, AdamW.of(weightDecay, clipNorm), Device.CPU)
                .write(folder);
        return OrtTrainer.open(files, files.checkpoint(), Device.CPU, 1);
    }

    /** @param influence factor of its scores */
    private static Graph network(double influence) {
        GraphBuilder graph = new GraphBuilder("two-channels");
        Ops ops = new Ops(graph);
        Value features = graph.input("features", ElementType.FLOAT, Shape.of(Shape.DYNAMIC, 1, 4, 4));
        Value weight = graph.parameter("conv.weight", noise(1, 2, 1, 3, 3), true);
        Value bias = graph.parameter("conv.bias", noise(2, 2), true);
        Value embedding = ops.flatten(ops.tanh(ops.conv(features, weight, bias, 1, 1)));
        Value fc = graph.parameter("fc.weight", noise(3, CLASSES, 32), true);
        Value scores = ops.linear(embedding, fc, graph.parameter("fc.bias", noise(4, CLASSES), true));
        graph.output("logits", ops.mul(scores, ops.scalarLike(scores, influence)));
        graph.output("embedding", embedding);
        return graph.build();
    }

    private static Tensor features(int batch) {
        return noise(5, batch, 1, 4, 4);
    }

    private static Tensor labels(int batch) {
        long[] labels = new long[batch];
        for (int i = 0; i < batch; i++) {
            labels[i] = i * 3L % CLASSES;
        }
        return Tensor.of(labels, batch);
    }

    private static Tensor noise(int stream, long... dims) {
        float[] values = new float[(int) Shape.of(dims).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) HashStream.uniform(i, stream);
        }
        return Tensor.of(values, dims);
    }

    private static OrtTrainer.Pass step(
            OrtTrainer trainer, Tensor features, Tensor labels, float learningRate, long seed) {
        OrtTrainer.Pass pass = trainer.backward(features, labels, 1, learningRate, seed);
        trainer.update(learningRate);
        return pass;
    }
}
