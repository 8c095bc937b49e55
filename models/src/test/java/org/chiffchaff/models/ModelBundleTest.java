package org.chiffchaff.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
        Path manifest = folder.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("model-card.md", "../card.md"));
        ModelException refused = assertThrows(ModelException.class, () -> ModelBundle.open(folder, 1));
        assertEquals(
                "The manifest of " + folder + " names ../card.md, which is outside of the bundle",
                refused.getMessage());
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
