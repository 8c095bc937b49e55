package org.chiffchaff.training.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.chiffchaff.autodiff.Backward;
import org.chiffchaff.autodiff.GradientRules;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.LossHead;
import org.chiffchaff.models.NetworkSettings;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.HashStream;
import org.chiffchaff.onnx.Npy;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.OrtLibrary;
import org.chiffchaff.onnx.Parameter;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole of AudioCNN against PyTorch (tools/golden/audiocnn.py): loss, every gradient, statistics, and ten steps of
 * training.
 */
class AudioCnnParityTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/audiocnn");
    private static final FeatureSpec SPEC = FeatureSpec.standard(FeatureSpec.Normalise.DATASET);
    private static final int CLASSES = 10;
    private static final double RELATIVE = 1e-4;

    @TempDir
    Path folder;

    @Test
    void evaluationEqualsPyTorchAtBothBatchSizes() throws IOException {
        try (OrtTrainer trainer = trainer(LossHead.FOCAL)) {
            for (Batch batch : Batch.values()) {
                OrtTrainer.Evaluation found = trainer.evaluate(batch.features(), batch.labels());
                assertClose("evaluation-" + batch + "-logits", found.logits().floats());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LossHead.class)
    void lossAndLogitsOfTheFirstStepEqualPyTorch(LossHead head) throws IOException {
        for (Batch batch : Batch.values()) {
            try (OrtTrainer trainer = trainer(head)) {
                OrtTrainer.Pass step = step(trainer, batch.features(), batch.labels(), 1e-3f, 0);
                assertClose(head.label() + "-" + batch + "-loss", new float[] {step.loss()});
                assertClose("training-" + batch + "-logits", step.logits().floats());
                double norm = gradientNorm(golden(head.label() + "-" + batch + "-gradients"));
                assertEquals(norm, step.gradientNorm(), RELATIVE * norm);
            }
        }
    }

    // The first of five columns is the length of each parameter's gradient.
    private static double gradientNorm(float[] table) {
        double sum = 0;
        for (int row = 0; row < table.length; row += 5) {
            sum += (double) table[row] * table[row];
        }
        return Math.sqrt(sum);
    }

    static Stream<Arguments> lossesOnDevices() {
        return Stream.of(LossHead.values())
                .flatMap(head -> devices().stream().map(device -> Arguments.of(head, device)));
    }

    @ParameterizedTest
    @MethodSource("lossesOnDevices")
    void tenStepsOfTrainingFollowPyTorch(LossHead head, Device device) throws IOException {
        assumeThere(device);
        // cuDNN adds up in an order of its own.
        double allowed = device instanceof Device.Cuda ? 1e-3 : RELATIVE;
        float[] expected = golden(head.label() + "-losses-0.0003-float64");
        try (OrtTrainer trainer = trainer(head, 1e-4f, 0, device)) {
            assertFollows(expected, trainer, allowed);
        }
    }

    private static void assumeThere(Device device) {
        if (device instanceof Device.Cuda cuda) {
            Optional<String> missing = OrtLibrary.missing(cuda);
            assumeTrue(missing.isEmpty(), missing::toString);
        }
    }

    // Weights alone decay: ten steps at a decay as strong as this would show another rule in the losses and the norms.
    @Test
    void strongDecayFollowsPyTorch() throws IOException {
        float[] losses = golden("cross-entropy-decay-0.1-losses");
        try (OrtTrainer trainer = trainer(LossHead.CROSS_ENTROPY, 0.1f, 0, Device.CPU)) {
            assertFollows(losses, trainer, RELATIVE);
            trainer.save(folder.resolve("decayed"));
        }
        Checkpoint decayed = Checkpoint.read(folder.resolve("decayed"));
        float[] norms = golden("cross-entropy-decay-0.1-norms");
        List<String> names = network().parameters().stream()
                .filter(Parameter::trainable)
                .map(Parameter::name)
                .toList();
        assertEquals(norms.length, names.size());
        for (int i = 0; i < norms.length; i++) {
            // Rounding alone moves the bias before a batch normalisation.
            if (!names.get(i).matches("conv\\d.bias")) {
                double norm = Math.sqrt(squares(decayed.parameter(names.get(i)).floats()));
                assertEquals(norms[i], norm, RELATIVE * norms[i], names.get(i));
            }
        }
    }

    @Test
    void clippedGradientsFollowPyTorch() throws IOException {
        float[] losses = golden("cross-entropy-clip-3-losses");
        try (OrtTrainer trainer = trainer(LossHead.CROSS_ENTROPY, 1e-4f, 3, Device.CPU)) {
            assertFollows(losses, trainer, RELATIVE);
        }
    }

    @Test
    void runningStatisticsMoveTowardsTheBatch() throws IOException {
        try (OrtTrainer trainer = trainer(LossHead.FOCAL)) {
            step(trainer, Batch.A.features(), Batch.A.labels(), 0, 0);
            trainer.save(folder.resolve("moved"));
        }
        Checkpoint moved = Checkpoint.read(folder.resolve("moved"));
        for (int block = 1; block <= 4; block++) {
            assertClose(
                    "bn" + block + ".running-mean",
                    moved.parameter("bn" + block + ".mean").floats());
            float[] seen = golden("bn" + block + ".batch-variance-biased");
            float[] kept = moved.parameter("bn" + block + ".variance").floats();
            for (int channel = 0; channel < kept.length; channel++) {
                // ONNX keeps the variance divided by n, PyTorch by n - 1.
                assertEquals(0.9 + 0.1 * seen[channel], kept[channel], RELATIVE * kept[channel]);
            }
        }
    }

    // The mean over the batches observed, whatever was before; and of no consequence for the training that follows.
    @Test
    void observedStatisticsAreThoseOfTheBatchesAndOfNothingElse() throws IOException {
        try (OrtTrainer trainer = trainer(LossHead.FOCAL)) {
            trainer.observe(Batch.B.features(), Batch.B.labels(), 1);
            trainer.observe(Batch.A.features(), Batch.A.labels(), 1);
            trainer.save(folder.resolve("a"));
            trainer.observe(Batch.B.features(), Batch.B.labels(), 0.5f);
            trainer.save(folder.resolve("a-b"));
            trainer.observe(Batch.B.features(), Batch.B.labels(), 1);
            trainer.save(folder.resolve("b"));
            step(trainer, Batch.A.features(), Batch.A.labels(), 1e-3f, 0);
            trainer.save(folder.resolve("trained"));
        }
        try (OrtTrainer undisturbed = trainer(LossHead.FOCAL)) {
            step(undisturbed, Batch.A.features(), Batch.A.labels(), 1e-3f, 0);
            undisturbed.save(folder.resolve("undisturbed"));
        }
        Checkpoint a = Checkpoint.read(folder.resolve("a"));
        Checkpoint b = Checkpoint.read(folder.resolve("b"));
        Checkpoint both = Checkpoint.read(folder.resolve("a-b"));
        for (int block = 1; block <= 4; block++) {
            assertClose(
                    "bn" + block + ".batch-mean",
                    a.parameter("bn" + block + ".mean").floats());
            assertClose(
                    "bn" + block + ".batch-variance-biased",
                    a.parameter("bn" + block + ".variance").floats());
            for (String statistic : new String[] {"bn" + block + ".mean", "bn" + block + ".variance"}) {
                float[] ofA = a.parameter(statistic).floats();
                float[] ofB = b.parameter(statistic).floats();
                float[] ofBoth = both.parameter(statistic).floats();
                for (int channel = 0; channel < ofA.length; channel++) {
                    assertEquals((ofA[channel] + ofB[channel]) / 2, ofBoth[channel], 1e-6, statistic);
                }
            }
        }
        Checkpoint undisturbed = Checkpoint.read(folder.resolve("undisturbed"));
        Checkpoint trained = Checkpoint.read(folder.resolve("trained"));
        undisturbed
                .trainable()
                .forEach((name, tensor) -> assertArrayEquals(
                        tensor.floats(), trained.parameter(name).floats(), name));
    }

    static List<Device> devices() {
        return List.of(Device.CPU, Device.Cuda.of(0));
    }

    // A step whose numbers overflow leaves no trace but in the gradients, which are forgotten.
    @Test
    void whatIsNotFiniteSpoilsNeitherWeightsNorStatistics() throws IOException {
        float[] overflowing = Batch.A.features().floats();
        overflowing[7] = Float.POSITIVE_INFINITY;
        Tensor spoilt = Tensor.of(overflowing, 4, 3, 40, 216);
        try (OrtTrainer trainer = trainer(LossHead.FOCAL, 0.1f, 0, Device.CPU)) {
            assertFalse(trainer.backward(spoilt, Batch.A.labels(), 1, 1e-3f, 0).isFinite());
            trainer.skip();
            trainer.observe(spoilt, Batch.A.labels(), 1);
            trainer.save(folder.resolve("skipped"));
            Checkpoint first = Checkpoint.of(network().parameters());
            Checkpoint skipped = Checkpoint.read(folder.resolve("skipped"));
            network()
                    .parameters()
                    .forEach(each -> assertArrayEquals(
                            first.parameter(each.name()).floats(),
                            skipped.parameter(each.name()).floats(),
                            each.name()));
            step(trainer, Batch.A.features(), Batch.A.labels(), 1e-3f, 0);
            trainer.save(folder.resolve("after"));
        }
        try (OrtTrainer trainer = trainer(LossHead.FOCAL, 0.1f, 0, Device.CPU)) {
            step(trainer, Batch.A.features(), Batch.A.labels(), 1e-3f, 0);
            trainer.save(folder.resolve("undisturbed"));
        }
        Checkpoint undisturbed = Checkpoint.read(folder.resolve("undisturbed"));
        Checkpoint after = Checkpoint.read(folder.resolve("after"));
        undisturbed
                .trainable()
                .forEach((name, tensor) ->
                        assertArrayEquals(tensor.floats(), after.parameter(name).floats(), name));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void everyGradientEqualsPyTorch(Device device) {
        Map<String, float[]> found = gradients(LossHead.FOCAL, Batch.A, device);
        double whole = Math.sqrt(
                found.values().stream().mapToDouble(each -> squares(each)).sum());
        assertEquals(20, found.size());
        found.forEach((name, gradient) -> {
            float[] expected = golden("focal-a-gradient-" + name);
            double worst = 0;
            double scale = 0;
            for (int i = 0; i < expected.length; i++) {
                worst = Math.max(worst, Math.abs(expected[i] - gradient[i]));
                scale = Math.max(scale, Math.abs(expected[i]));
            }
            // Batch normalisation undoes the bias before it, whose gradient is rounding and nothing else.
            double allowed = RELATIVE * (name.matches("conv\\d.bias") ? whole : scale);
            assertTrue(worst <= allowed, name + ": off by " + worst + ", allowed " + allowed);
        });
    }

    private static double squares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    private static Map<String, float[]> gradients(LossHead head, Batch batch, Device device) {
        GraphBuilder graph = new GraphBuilder("gradients");
        Ops ops = new Ops(graph);
        Value features = graph.input("features", ElementType.FLOAT, SPEC.featureShape());
        Value labels = graph.input("labels", ElementType.INT64, Shape.of(Shape.DYNAMIC));
        Value logits = graph.inline(network(), List.of(features), new TrainingForm(ops)::of)
                .get("logits");
        Value loss = graph.inline(head.graph(CLASSES), List.of(logits, labels)).get("loss");
        List<Value> trainable = graph.parameters().stream()
                .filter(Parameter::trainable)
                .map(Parameter::value)
                .toList();
        Map<Value, Value> gradients = Backward.gradients(ops, loss, trainable, GradientRules.standard(), device);
        gradients.forEach((parameter, gradient) -> graph.output("gradient of " + parameter.name(), gradient));
        try (OnnxModel model = OnnxModel.load(graph.build(), 2)) {
            List<Tensor> outputs = model.run(batch.features(), batch.labels());
            Map<String, float[]> named = new LinkedHashMap<>();
            for (int i = 0; i < trainable.size(); i++) {
                named.put(trainable.get(i).name(), outputs.get(i).floats());
            }
            return named;
        }
    }

    /** Trains on the two batches in turns, at a rate at which rounding does not grow. */
    private static void assertFollows(float[] losses, OrtTrainer trainer, double allowed) {
        for (int step = 0; step < losses.length; step++) {
            Batch batch = Batch.values()[step % 2];
            float loss =
                    step(trainer, batch.features(), batch.labels(), 3e-4f, 0).loss();
            assertEquals(losses[step], loss, allowed * losses[step], "loss of step " + step);
        }
    }

    private OrtTrainer trainer(LossHead head) throws IOException {
        return trainer(head, 1e-4f, 0, Device.CPU);
    }

    private OrtTrainer trainer(LossHead head, float weightDecay, float clipNorm, Device device) throws IOException {
        TrainingArtifacts artifacts =
                TrainingArtifacts.of(network(), head.graph(CLASSES), AdamW.of(weightDecay, clipNorm), device);
        TrainingArtifacts.Paths files = artifacts.write(folder);
        return OrtTrainer.open(files, files.checkpoint(), device, 2);
    }

    /** AudioCNN with the weights of the golden run. */
    private static Graph network() {
        Graph network = Architecture.AUDIOCNN.graph(new NetworkSettings(SPEC, CLASSES, 0, 0));
        Map<String, Tensor> hashed = new LinkedHashMap<>();
        for (Parameter parameter : network.parameters()) {
            if (parameter.trainable()) {
                hashed.put(parameter.name(), hashed(parameter, hashed.size()));
            }
        }
        return network.withParameters(hashed);
    }

    private static Tensor hashed(Parameter parameter, int stream) {
        long[] dims = parameter.value().shape().toArray();
        float[] values = new float[parameter.initial().floats().length];
        double inputs = dims.length > 1 ? (double) values.length / dims[0] : 1;
        for (int i = 0; i < values.length; i++) {
            double u = HashStream.uniform(i, stream);
            values[i] = (float) (parameter.name().endsWith(".weight") ? u * Math.sqrt(6 / inputs) : 0.1 * u);
            if (parameter.name().endsWith(".scale")) {
                values[i] = (float) (1 + 0.1 * u);
            }
        }
        return Tensor.of(values, dims);
    }

    private enum Batch {
        A(4, 1000),
        B(3, 1001);

        private final int clips;
        private final int stream;

        Batch(int clips, int stream) {
            this.clips = clips;
            this.stream = stream;
        }

        Tensor features() {
            float[] values = new float[clips * SPEC.featureSize()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) HashStream.uniform(i, stream);
            }
            return Tensor.of(values, clips, 3, 40, 216);
        }

        Tensor labels() {
            long[] labels = new long[clips];
            for (int clip = 0; clip < clips; clip++) {
                labels[clip] = clip * 7L % CLASSES;
            }
            return Tensor.of(labels, clips);
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static float[] golden(String name) {
        return Npy.floats(GOLDEN.resolve(name + ".npy"));
    }

    private static void assertClose(String name, float[] found) {
        float[] expected = golden(name);
        assertEquals(expected.length, found.length, name);
        double scale = 0;
        for (float value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], RELATIVE * scale, name + "[" + i + "]");
        }
    }

    private static OrtTrainer.Pass step(
            OrtTrainer trainer, Tensor features, Tensor labels, float learningRate, long seed) {
        OrtTrainer.Pass pass = trainer.backward(features, labels, 1, learningRate, seed);
        trainer.update(learningRate);
        return pass;
    }
}
