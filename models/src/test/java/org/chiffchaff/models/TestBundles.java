package org.chiffchaff.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.OnnxModel;

/** Bundles of a real, untrained network on short windows at a low rate, for the tests of every module. */
public final class TestBundles {
    /** One second at 8 kHz. */
    public static final FeatureSpec FEATURES =
            new FeatureSpec(8_000, 8_000, 512, 256, 32, 16, FeatureSpec.Normalise.WINDOW);

    public static final Labels LABELS = new Labels(List.of(
            new Species("Turdus merula_Common Blackbird", "Turdus merula", "Common Blackbird"),
            new Species("Phylloscopus_collybita", "Phylloscopus collybita", ""),
            new Species("rain, heavy", "", ""),
            new Species("noise", "", "")));

    private TestBundles() {}

    /** Writes a bundle below {@code root} and returns its folder. */
    public static Path write(Path root, String name, String version) {
        return new BundleWriter(root)
                .write(manifest(name, version), model(), LABELS, selfCheck(), "# A test", BundleWriter.Existing.REFUSE);
    }

    static Manifest manifest(String name, String version) {
        return new Manifest(
                name,
                version,
                Architecture.AUDIOCNN.label(),
                graph().parameterCount(),
                FEATURES,
                new Manifest.Training(
                        "none", 0, 0, "cross-entropy", 0, 42, Map.of("batch-size", "64"), "2026-11-22T00:00:00Z"),
                Manifest.Calibration.NONE,
                Map.of("accuracy", 0.25),
                Map.of("onnxruntime", "1.24.1"));
    }

    static byte[] model() {
        return OnnxFile.bytes(graph(), OnnxFile.Parameters.INSIDE, Map.of());
    }

    static SelfCheck selfCheck() {
        try (OnnxModel model = OnnxModel.load(graph(), 1)) {
            return SelfCheck.of(SelfCheck.windows(FEATURES, 2), new OnnxClassifier(model, FEATURES));
        }
    }

    private static Graph graph() {
        NetworkSettings settings = new NetworkSettings(FEATURES, LABELS.size(), 0, 42);
        return ModelGraph.compose(FEATURES, Architecture.AUDIOCNN.graph(settings));
    }
}
