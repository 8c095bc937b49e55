package org.chiffchaff.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelBundleTest {
    @TempDir
    private Path root;

    @Test
    void whatIsWrittenIsWhatIsOpened() {
        Path folder = TestBundles.write(root, "birds", "1.0.0");
        try (ModelBundle bundle = ModelBundle.open(folder, 1)) {
            assertEquals(TestBundles.LABELS, bundle.labels());
            assertEquals(
                    TestBundles.manifest("birds", "1.0.0"), bundle.manifest().withFiles(Map.of()));
            SelfCheck check = TestBundles.selfCheck();
            Scores scores = bundle.classifier().classify(check.windows());
            assertArrayEquals(check.expected().logits()[1], scores.logits()[1], 1e-5f);
        }
    }

    @Test
    void ofAModelsVersionsTheHighestIsOpened() throws IOException {
        TestBundles.write(root, "birds", "1.9.0");
        TestBundles.write(root, "birds", "1.10.0");
        TestBundles.write(root, "birds", "1.10.0-rc2");
        Files.createDirectories(root.resolve("birds/2.0.0"));
        try (ModelBundle bundle = ModelBundle.open(root.resolve("birds"), 1)) {
            assertEquals("1.10.0", bundle.manifest().version());
        }
    }

    @Test
    void aRunStandsForTheModelBeneathIt() throws IOException {
        Path run = root.resolve("runs/first");
        TestBundles.write(run.resolve("bundle"), "birds", "1.2.0");
        Path newest = TestBundles.write(run.resolve("bundle"), "birds", "1.10.0");
        Files.createDirectories(run.resolve("bundle/.birds-half"));
        for (Path place : List.of(
                root.resolve("runs"),
                run,
                run.resolve("bundle"),
                run.resolve("bundle/birds"),
                newest,
                newest.resolve("../1.10.0"))) {
            try (ModelBundle bundle = ModelBundle.open(place, 1)) {
                assertEquals("1.10.0", bundle.manifest().version(), place::toString);
            }
        }
        Path other = TestBundles.write(root.resolve("runs/second/bundle"), "birds", "1.0.0");
        ModelException refused = assertThrows(
                ModelException.class,
                () -> ModelBundle.open(root.resolve("runs"), 1).close());
        assertEquals(
                "There are 2 models beneath " + root.resolve("runs") + "; choose one: " + newest + ", " + other,
                refused.getMessage());
    }

    @Test
    void aVersionIsReplacedOnlyWhereThatIsSaid() throws IOException {
        Path folder = TestBundles.write(root, "birds", "1.0.0");
        ModelException refused = assertThrows(ModelException.class, () -> TestBundles.write(root, "birds", "1.0.0"));
        assertEquals(
                "Version 1.0.0 of birds is at " + folder
                        + " already; choose another version, or say that it may be replaced",
                refused.getMessage());
        write(TestBundles.LABELS, TestBundles.selfCheck(), BundleWriter.Existing.REPLACE);
        assertEquals("# Card", Files.readString(folder.resolve("model-card.md")));
        ModelBundle.open(folder, 1).close();
        assertEquals(List.of("1.0.0"), names(root.resolve("birds")), "nothing is left beside");
    }

    @Test
    void anInterruptedWriteLeavesNothingAtTheFinalName() throws IOException {
        Thread.currentThread().interrupt();
        ModelException interrupted =
                assertThrows(ModelException.class, () -> TestBundles.write(root, "birds", "1.0.0"));
        assertTrue(Thread.interrupted());
        assertEquals(
                "The bundle " + root.resolve("birds/1.0.0")
                        + " could not be written: java.nio.channels.ClosedByInterruptException",
                interrupted.getMessage());
        assertEquals(List.of(), names(root.resolve("birds")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"model.onnx", "labels.csv", "model-card.md", "selfcheck/input_0.pb", "selfcheck/output_1.pb"})
    void aFileThatIsNotTheOneWrittenIsRefused(String name) throws IOException {
        Path folder = TestBundles.write(root, "birds", "1.0.0");
        Path file = folder.resolve(name);
        byte[] content = Files.readAllBytes(file);
        String written = Sha256.of(content);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals(
                file + " is not the file its manifest names: SHA-256 is " + Sha256.of(content) + ", expected "
                        + written,
                refused.getMessage());
    }

    @Test
    void aModelThatSaysSomethingElseThanTheTrainersIsRefused() {
        SelfCheck check = TestBundles.selfCheck();
        check.expected().logits()[1][2] = 1_000;
        Path folder = write(TestBundles.LABELS, check, BundleWriter.Existing.REFUSE);
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals(
                "Self-check of " + folder + " failed: logits differ by up to 1.0e+03, allowed is 1.0e-01;"
                        + " what runs here is not what was trained",
                refused.getMessage());
    }

    @Test
    void labelsMustBeAsManyAsClasses() {
        Path folder =
                write(Labels.ofFolders(List.of("a", "b", "c")), TestBundles.selfCheck(), BundleWriter.Existing.REFUSE);
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals(folder + " has 3 labels for 4 classes", refused.getMessage());
    }

    @Test
    void aMissingBundleAndABrokenManifestAreNamed() throws IOException {
        ModelException missing = assertThrows(ModelException.class, () -> ModelBundle.open(root.resolve("none"), 1));
        assertEquals("No model bundle at " + root.resolve("none") + ": there is no such folder", missing.getMessage());
        ModelException empty = assertThrows(ModelException.class, () -> ModelBundle.open(root, 1));
        assertEquals(
                "No model bundle at " + root + ", nor beneath it: no folder there has a manifest.json",
                empty.getMessage());
        Path file = Files.createFile(root.resolve("model.onnx"));
        ModelException alone = assertThrows(ModelException.class, () -> ModelBundle.open(file, 1));
        assertEquals(
                "No model bundle at " + file + ": it is a file; a bundle is a folder with a manifest.json",
                alone.getMessage());
        Path manifest = TestBundles.write(root, "birds", "1.0.0").resolve("manifest.json");
        String json = Files.readString(manifest);
        Files.writeString(manifest, json.replace("\"schema_version\" : 1", "\"schema_version\" : 7"));
        ModelException newer = assertThrows(ModelException.class, () -> ModelBundle.open(manifest.getParent(), 1));
        assertEquals(
                manifest + " is not a manifest: Manifest schema 7; this Chiffchaff reads schema 1", newer.getMessage());
        Files.writeString(manifest, json.substring(0, 40), StandardCharsets.UTF_8);
        ModelException cut = assertThrows(ModelException.class, () -> ModelBundle.open(manifest.getParent(), 1));
        assertTrue(
                cut.getMessage().startsWith(manifest + " is not a manifest: Unexpected end-of-input"),
                cut.getMessage());
    }

    @Test
    void aManifestMayNotNameFilesElsewhere() throws IOException {
        Path folder = TestBundles.write(root, "birds", "1.0.0");
        rewriteManifest(folder, "model-card.md", "../card.md");
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals("The bundle " + folder + " names ../card.md, which is outside of it", refused.getMessage());
    }

    @Test
    void aManifestThatWasChangedIsRefused() throws IOException {
        Path folder = TestBundles.write(root, "birds", "1.0.0");
        Path manifest = folder.resolve("manifest.json");
        String json = Files.readString(manifest);
        Files.writeString(manifest, json.replace("\"sample_rate\" : 8000", "\"sample_rate\" : 16000"));
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals(
                manifest + " is not the one that was written: SHA-256 is " + Sha256.of(Files.readAllBytes(manifest))
                        + ", and manifest.sha256 names another",
                refused.getMessage());
        Files.delete(folder.resolve("manifest.sha256"));
        ModelException old = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals(
                "The bundle " + folder + " has no manifest.sha256: it was written by an older Chiffchaff;"
                        + " export it again with: chiffchaff export",
                old.getMessage());
    }

    @Test
    void windowsOfAnySizeAreNotMade() throws IOException {
        Path folder = TestBundles.write(root, "birds", "1.0.0");
        rewriteManifest(folder, "\"window_samples\" : 8000", "\"window_samples\" : 2147483647");
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals(
                folder.resolve("manifest.json")
                        + " is not a manifest: Feature spec: the number of samples in a window is 2147483647; expected 1"
                        + " to 4194304",
                refused.getMessage());
    }

    // By somebody who minds the digest.
    private static void rewriteManifest(Path folder, String text, String replacement) throws IOException {
        Path manifest = folder.resolve("manifest.json");
        String json = Files.readString(manifest);
        assertTrue(json.contains(text), json);
        byte[] changed = json.replace(text, replacement).getBytes(StandardCharsets.UTF_8);
        Files.write(manifest, changed);
        Files.writeString(folder.resolve("manifest.sha256"), Sha256.of(changed));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links take a privilege there")
    void aLinkOutOfTheBundleIsNotFollowed() throws IOException {
        Path folder = TestBundles.write(root, "birds", "1.0.0");
        Path labels = folder.resolve("labels.csv");
        Path inside = Files.move(labels, folder.resolve("species.csv"));
        Files.createSymbolicLink(labels, inside.getFileName());
        ModelBundle.open(folder, 1).close();
        Files.delete(labels);
        Files.createSymbolicLink(labels, Files.move(inside, root.resolve("elsewhere.csv")));
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals("The bundle " + folder + " names labels.csv, which is outside of it", refused.getMessage());
    }

    @Test
    @Timeout(60)
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no named pipes among files")
    void aPipeIsNotWaitedFor() throws Exception {
        Path folder = TestBundles.write(root, "birds", "1.0.0");
        Path labels = folder.resolve("labels.csv");
        Files.delete(labels);
        assertEquals(0, new ProcessBuilder("mkfifo", labels.toString()).start().waitFor());
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals(
                labels + " is no regular file; a bundle holds nothing else, such as pipes or folders",
                refused.getMessage());
    }

    @Test
    void aModelWhoseDataLieElsewhereIsRefused() throws IOException {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.parseFrom(TestBundles.model()).toBuilder();
        OnnxMl.TensorProto.Builder weights = model.getGraphBuilder().getInitializerBuilder(0);
        Path elsewhere =
                Files.write(root.resolve("weights.bin"), weights.getRawData().toByteArray());
        weights.clearRawData()
                .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                .addExternalData(OnnxMl.StringStringEntryProto.newBuilder()
                        .setKey("location")
                        .setValue(Path.of("")
                                .toAbsolutePath()
                                .relativize(elsewhere)
                                .toString()));
        Path folder = write(model.build().toByteArray());
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals(
                folder.resolve("model.onnx") + " cannot be run: The data of tensor '" + weights.getName()
                        + "' lie in another file; a model with all of its data inside is expected",
                refused.getMessage());
    }

    /** One of each seventh band, which the digests do not show: they are taken of the changed graph. */
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 14, 21, 28, 31})
    void oneChangedWeightOfTheMelFiltersIsRefused(int band) throws IOException {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.parseFrom(TestBundles.model()).toBuilder();
        long bins = TestBundles.FEATURES.fftSamples() / 2 + 1L;
        long bands = TestBundles.FEATURES.melBands();
        OnnxMl.TensorProto.Builder filters = model.getGraphBuilder().getInitializerBuilderList().stream()
                .filter(tensor -> tensor.getDimsList().equals(List.of(bins, bands)))
                .findFirst()
                .orElseThrow();
        ByteBuffer weights = ByteBuffer.wrap(filters.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        int place = band;
        while (weights.getFloat(4 * place) == 0) {
            place += (int) bands;
        }
        weights.putFloat(4 * place, 2 * weights.getFloat(4 * place));
        filters.setRawData(ByteString.copyFrom(weights.array()));
        Path folder = write(model.build().toByteArray());
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertTrue(
                refused.getMessage()
                        .matches("Self-check of .* failed: (probabilities|logits|embeddings) differ by up to"
                                + " .*; what runs here is not what was trained"),
                refused.getMessage());
    }

    private Path write(byte[] model) {
        return new BundleWriter(root)
                .write(
                        TestBundles.manifest("birds", "1.0.0"),
                        model,
                        TestBundles.LABELS,
                        TestBundles.selfCheck(),
                        "# Card",
                        BundleWriter.Existing.REFUSE);
    }

    private Path write(Labels labels, SelfCheck check, BundleWriter.Existing existing) {
        return new BundleWriter(root)
                .write(TestBundles.manifest("birds", "1.0.0"), TestBundles.model(), labels, check, "# Card", existing);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
