package org.chiffchaff.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.BundleWriter;
import org.chiffchaff.models.Classifier;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.FrontEnd;
import org.chiffchaff.models.Labels;
import org.chiffchaff.models.Manifest;
import org.chiffchaff.models.ModelGraph;
import org.chiffchaff.models.NetworkSettings;
import org.chiffchaff.models.Scores;
import org.chiffchaff.models.SelfCheck;
import org.chiffchaff.models.Species;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Tensor;

/** A bundle of the usual size that has learned nothing: it is wrong as fast as a trained one is right. */
final class UntrainedBundle {
    private static final int CLASSES = 89;
    private static final FeatureSpec SPEC = FeatureSpec.standard(FeatureSpec.Normalise.WINDOW);

    private UntrainedBundle() {}

    /** Writes it below {@code root} and returns its folder. */
    static Path write(Path root) {
        Graph graph = ModelGraph.compose(SPEC, Architecture.AUDIOCNN.graph(new NetworkSettings(SPEC, CLASSES, 0, 42)));
        Labels labels = new Labels(IntStream.range(0, CLASSES)
                .mapToObj(number -> new Species("species-" + number, "", ""))
                .toList());
        return new BundleWriter(root)
                .write(
                        manifest(graph),
                        OnnxFile.bytes(graph, OnnxFile.Parameters.INSIDE, Map.of()),
                        labels,
                        selfCheck(graph),
                        "# Untrained",
                        BundleWriter.Existing.REFUSE);
    }

    private static Manifest manifest(Graph graph) {
        return new Manifest(
                "untrained",
                "1.0.0",
                Architecture.AUDIOCNN.label(),
                graph.parameterCount(),
                SPEC,
                new Manifest.Training("none", 0, 0, "none", 0, 42, Map.of(), "1970-01-01T00:00:00Z"),
                Manifest.Calibration.NONE,
                Map.of(),
                Map.of());
    }

    private static SelfCheck selfCheck(Graph graph) {
        float[] click = new float[SPEC.windowSamples()];
        click[click.length / 2] = 1;
        try (OnnxModel model = OnnxModel.load(graph, 1)) {
            Classifier classifier = windows -> {
                List<Tensor> outputs = model.run(FrontEnd.waveform(windows, SPEC));
                return new Scores(
                        outputs.get(0).rows(),
                        outputs.get(1).rows(),
                        outputs.get(2).rows());
            };
            return SelfCheck.of(new float[][] {click}, classifier);
        }
    }
}
