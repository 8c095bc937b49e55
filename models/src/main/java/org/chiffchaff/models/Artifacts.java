package org.chiffchaff.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * The graphs that are published as files: one folder each under {@code models/onnx}, with {@code model.onnx} and, as
 * ONNX's own tests have it, {@code test_data_set_0} with inputs and the outputs they must give.
 */
public final class Artifacts {
    private static final int CLASSES = 89;
    private static final float DROPOUT = 0.3f;
    private static final long SEED = 42;
    private static final int TEST_BATCH = 2;

    private Artifacts() {}

    /** Every published graph, by the name of its folder. */
    public static Map<String, Graph> all() {
        FeatureSpec plain = FeatureSpec.standard(FeatureSpec.Normalise.DATASET);
        FeatureSpec window = FeatureSpec.standard(FeatureSpec.Normalise.WINDOW);
        Map<String, Graph> graphs = new LinkedHashMap<>();
        graphs.put("front-end-dataset", FrontEnd.graph(plain));
        graphs.put("front-end-window", FrontEnd.graph(window));
        for (Architecture architecture : Architecture.values()) {
            graphs.put(architecture.label(), architecture.graph(new NetworkSettings(window, CLASSES, DROPOUT, SEED)));
        }
        for (LossHead loss : LossHead.values()) {
            graphs.put("loss-" + loss.label(), loss.graph(CLASSES));
        }
        return graphs;
    }

    /** The file of a published graph; the same bytes at every call. */
    public static byte[] file(Graph graph) {
        return OnnxFile.bytes(graph, OnnxFile.Parameters.INSIDE, Map.of());
    }

    /** Writes every published graph with its test data below a folder. */
    public static void write(Path root) {
        all().forEach((name, graph) -> {
            try {
                write(root.resolve(name), graph);
            } catch (IOException e) {
                throw new ModelException("Cannot write the graph " + name + " below " + root + ": " + e, e);
            }
        });
    }

    private static void write(Path folder, Graph graph) throws IOException {
        Path data = Files.createDirectories(folder.resolve("test_data_set_0"));
        Files.write(folder.resolve("model.onnx"), file(graph));
        List<Tensor> inputs = testInputs(graph);
        try (OnnxModel model = OnnxModel.load(graph, 1)) {
            List<Tensor> outputs = model.run(inputs.toArray(Tensor[]::new));
            for (int i = 0; i < inputs.size(); i++) {
                Files.write(
                        data.resolve("input_" + i + ".pb"),
                        OnnxFile.bytes(graph.inputs().get(i).name(), inputs.get(i)));
            }
            for (int i = 0; i < outputs.size(); i++) {
                Files.write(
                        data.resolve("output_" + i + ".pb"),
                        OnnxFile.bytes(graph.outputs().get(i).name(), outputs.get(i)));
            }
        }
    }

    /** Inputs for a batch of two, from a fixed rule. */
    static List<Tensor> testInputs(Graph graph) {
        List<Tensor> inputs = new ArrayList<>();
        for (Value input : graph.inputs()) {
            long[] dims = input.shape().with(0, TEST_BATCH).toArray();
            int count = Math.toIntExact(input.shape().with(0, TEST_BATCH).elements());
            inputs.add(input.type() == ElementType.INT64 ? labels(count, dims) : numbers(count, dims));
        }
        return inputs;
    }

    private static Tensor labels(int count, long... dims) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = i * 7L % CLASSES;
        }
        return Tensor.of(values, dims);
    }

    // Between -1 and 1, exact in single precision on any machine: the upper bits of a linear congruential generator.
    private static Tensor numbers(int count, long... dims) {
        float[] values = new float[count];
        long state = SEED;
        for (int i = 0; i < count; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            values[i] = (state >> 40) / (float) (1 << 23);
        }
        return Tensor.of(values, dims);
    }
}
