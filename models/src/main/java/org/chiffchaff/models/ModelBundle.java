package org.chiffchaff.models;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.OnnxException;
import org.chiffchaff.onnx.OnnxModel;

/**
 * A model bundle opened from disk and found sound: every file is the one its manifest names, and the graph says of the
 * self-check's windows what it said when it was trained.
 */
public final class ModelBundle implements AutoCloseable {
    private final Manifest manifest;
    private final Labels labels;
    private final OnnxModel model;
    private final Classifier classifier;

    private ModelBundle(Manifest manifest, Labels labels, OnnxModel model) {
        this.manifest = manifest;
        this.labels = labels;
        this.model = model;
        this.classifier = new OnnxClassifier(model, manifest.features());
    }

    /**
     * Opens a bundle.
     *
     * @param folder a bundle, or a folder with one model beneath it, a training run's for example: its highest version
     * @param threads of one inference
     * @throws ModelException where the bundle is not whole, or does not say what it must
     */
    public static ModelBundle open(Path folder, int threads) {
        Path place = BundleSearch.in(folder);
        BundleFiles files = new BundleFiles(place);
        Manifest manifest = manifest(files);
        verifyFiles(files, manifest.files());
        Labels labels = Labels.parse(files.text(BundleWriter.LABELS), place.resolve(BundleWriter.LABELS) + "");
        ModelBundle bundle = new ModelBundle(manifest, labels, model(files, threads));
        try {
            bundle.verify(files);
            return bundle;
        } catch (RuntimeException e) {
            bundle.close();
            throw e;
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    public Labels labels() {
        return labels;
    }

    /** Runs the graph, until this bundle is closed. */
    public Classifier classifier() {
        return classifier;
    }

    /** SHA-256 of the graph, in hexadecimal. */
    public String digest() {
        return manifest.files().get(BundleWriter.MODEL);
    }

    @Override
    public void close() {
        model.close();
    }

    // What the manifest says decides answers, too, the sample rate for example, and it cannot hold its own digest.
    private static Manifest manifest(BundleFiles files) {
        Path path = files.folder().resolve(BundleWriter.MANIFEST);
        byte[] content = files.content(BundleWriter.MANIFEST);
        // Read first: a manifest of another schema is told as such, whatever else is wrong.
        Manifest manifest = Manifest.parse(new String(content, StandardCharsets.UTF_8), path.toString());
        if (!Files.exists(files.folder().resolve(BundleWriter.MANIFEST_DIGEST))) {
            throw new ModelException("The bundle " + files.folder() + " has no " + BundleWriter.MANIFEST_DIGEST
                    + ": it was written by an older Chiffchaff; export it again with: chiffchaff export");
        }
        String expected = files.text(BundleWriter.MANIFEST_DIGEST).strip();
        String found = Sha256.of(content);
        if (!found.equals(expected)) {
            throw new ModelException(path + " is not the one that was written: SHA-256 is " + found + ", and "
                    + BundleWriter.MANIFEST_DIGEST + " names another");
        }
        return manifest;
    }

    private static void verifyFiles(BundleFiles files, Map<String, String> digests) {
        for (String required : List.of(
                BundleWriter.MODEL,
                BundleWriter.LABELS,
                SelfCheck.INPUT,
                SelfCheck.PROBABILITIES,
                SelfCheck.LOGITS,
                SelfCheck.EMBEDDINGS)) {
            if (!digests.containsKey(required)) {
                throw new ModelException(
                        "The manifest of " + files.folder() + " names no " + required + "; found " + digests.keySet());
            }
        }
        digests.forEach((file, expected) -> {
            String found = Sha256.of(files.content(file));
            if (!found.equals(expected)) {
                throw new ModelException(files.folder().resolve(file)
                        + " is not the file its manifest names: SHA-256 is " + found + ", expected " + expected);
            }
        });
    }

    private static OnnxModel model(BundleFiles files, int threads) {
        try {
            return OnnxModel.load(files.content(BundleWriter.MODEL), threads);
        } catch (OnnxException e) {
            throw new ModelException(
                    files.folder().resolve(BundleWriter.MODEL) + " cannot be run: " + e.getMessage(), e);
        }
    }

    private void verify(BundleFiles files) {
        SelfCheck check = SelfCheck.read(files::content);
        check.verify(classifier, files.folder().toString());
        int classes = check.expected().logits()[0].length;
        if (classes != labels.size()) {
            throw new ModelException(files.folder() + " has " + labels.size() + " labels for " + classes + " classes");
        }
    }
}
