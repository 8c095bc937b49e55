package org.chiffchaff.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is published is what the code writes; {@code ./chiffchaff models build} writes it anew. */
class ArtifactsTest {
    private static final Path ROOT = Path.of("onnx");

    static Stream<String> names() {
        return Artifacts.all().keySet().stream();
    }

    @Test
    void everyGraphHasAFolderAndEveryFolderAGraph() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            Set<String> found = folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toSet());
            assertEquals(Artifacts.all().keySet(), found);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theFileIsWhatTheCodeWrites(String name) throws IOException {
        byte[] published = Files.readAllBytes(ROOT.resolve(name).resolve("model.onnx"));
        assertArrayEquals(
                Artifacts.file(Artifacts.all().get(name)), published, name + ": run ./chiffchaff models build");
    }

    @ParameterizedTest
    @MethodSource("names")
    void theFileStillGivesThePublishedOutputs(String name) throws IOException {
        Path data = ROOT.resolve(name).resolve("test_data_set_0");
        try (OnnxModel model =
                OnnxModel.load(Files.readAllBytes(ROOT.resolve(name).resolve("model.onnx")), 2)) {
            Tensor[] inputs = new Tensor[model.inputs().size()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = OnnxFile.tensor(Files.readAllBytes(data.resolve("input_" + i + ".pb")));
            }
            List<Tensor> outputs = model.run(inputs);
            for (int i = 0; i < outputs.size(); i++) {
                float[] expected = OnnxFile.tensor(Files.readAllBytes(data.resolve("output_" + i + ".pb")))
                        .floats();
                assertArrayEquals(expected, outputs.get(i).floats(), 1e-3f, name + " output " + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void onlyStandardOperatorsAreUsed(String name) {
        List<Node> own = Artifacts.all().get(name).nodes().stream()
                .filter(node -> !node.domain().isEmpty())
                .toList();
        assertTrue(own.isEmpty(), name + " uses " + own);
    }
}
