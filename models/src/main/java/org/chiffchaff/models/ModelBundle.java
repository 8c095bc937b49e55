package org.chiffchaff.models;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        Manifest manifest =
                Manifest.parse(text(place, BundleWriter.MANIFEST), place.resolve(BundleWriter.MANIFEST) + "");
        verifyFiles(place, manifest.files());
        Labels labels = Labels.parse(text(place, BundleWriter.LABELS), place.resolve(BundleWriter.LABELS) + "");
        ModelBundle bundle =
                new ModelBundle(manifest, labels, OnnxModel.load(content(place, BundleWriter.MODEL), threads));
        try {
            bundle.verify(place);
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

    private static void verifyFiles(Path place, Map<String, String> digests) {
        for (String required : List.of(
                BundleWriter.MODEL,
                BundleWriter.LABELS,
                SelfCheck.INPUT,
                SelfCheck.PROBABILITIES,
                SelfCheck.LOGITS,
                SelfCheck.EMBEDDINGS)) {
            if (!digests.containsKey(required)) {
                throw new ModelException(
                        "The manifest of " + place + " names no " + required + "; found " + digests.keySet());
            }
        }
        digests.forEach((file, expected) -> {
            String found = Sha256.of(content(place, file));
            if (!found.equals(expected)) {
                throw new ModelException(place.resolve(file) + " is not the file its manifest names: SHA-256 is "
                        + found + ", expected " + expected);
            }
        });
    }

    private void verify(Path place) {
        SelfCheck check = SelfCheck.read(file -> content(place, file));
        check.verify(classifier, place.toString());
        int classes = check.expected().logits()[0].length;
        if (classes != labels.size()) {
            throw new ModelException(place + " has " + labels.size() + " labels for " + classes + " classes");
        }
    }

    private static String text(Path place, String file) {
        return new String(content(place, file), StandardCharsets.UTF_8);
    }

    private static byte[] content(Path place, String file) {
        Path path = place.resolve(file).normalize();
        if (!path.startsWith(place.normalize())) {
            throw new ModelException(
                    "The manifest of " + place + " names " + file + ", which is outside of the bundle");
        }
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new ModelException(path + " cannot be read: " + e, e);
        }
    }
}
