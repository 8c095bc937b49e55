package org.chiffchaff.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes model bundles, each whole or not at all: into a hidden folder beside its place, every file flushed to the
 * disk, then renamed.
 */
public final class BundleWriter {
    static final String MODEL = "model.onnx";
    static final String MANIFEST = "manifest.json";
    static final String MANIFEST_DIGEST = "manifest.sha256";
    static final String LABELS = "labels.csv";
    static final String CARD = "model-card.md";

    private final Path root;

    /** Writes below a folder of models: {@code root/name/version}. */
    public BundleWriter(Path root) {
        this.root = root;
    }

    /** What to do where the version is there already. */
    public enum Existing {
        REFUSE,
        REPLACE
    }

    /**
     * Writes a bundle.
     *
     * @param manifest of the bundle; its file digests are filled in here
     * @param model the graph as {@link Classifier} runs it
     * @param labels one per class of the graph
     * @param selfCheck what the graph must say
     * @param card the model card, Markdown
     * @return the bundle's folder
     */
    public Path write(
            Manifest manifest, byte[] model, Labels labels, SelfCheck selfCheck, String card, Existing existing) {
        Path target = root.resolve(manifest.name()).resolve(manifest.version());
        if (existing == Existing.REFUSE && Files.exists(target)) {
            throw new ModelException("Version " + manifest.version() + " of " + manifest.name() + " is at " + target
                    + " already; choose another version, or say that it may be replaced");
        }
        try {
            place(content(manifest, model, labels, selfCheck, card), target);
        } catch (IOException e) {
            throw new ModelException("The bundle " + target + " could not be written: " + e, e);
        }
        return target;
    }

    private static Map<String, byte[]> content(
            Manifest manifest, byte[] model, Labels labels, SelfCheck selfCheck, String card) {
        Map<String, byte[]> files = new LinkedHashMap<>(selfCheck.files());
        files.put(MODEL, model);
        files.put(LABELS, labels.csv().getBytes(StandardCharsets.UTF_8));
        files.put(CARD, card.getBytes(StandardCharsets.UTF_8));
        Map<String, String> digests = new TreeMap<>();
        files.forEach((path, content) -> digests.put(path, Sha256.of(content)));
        byte[] described = manifest.withFiles(digests).json().getBytes(StandardCharsets.UTF_8);
        files.put(MANIFEST, described);
        files.put(MANIFEST_DIGEST, (Sha256.of(described) + "\n").getBytes(StandardCharsets.US_ASCII));
        return files;
    }

    private static void place(Map<String, byte[]> files, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        // Hidden from ModelBundle, which takes no folder whose name starts with a dot.
        // Made like any other folder, not like a temporary one, which only its owner could read.
        Path draft = Files.createDirectory(target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID()));
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                writeFlushed(draft.resolve(file.getKey()), file.getValue());
            }
            flushFolder(draft);
            // No folder can be renamed onto a full one: the old bundle steps aside, hidden, for this one move.
            Path old = draft.resolveSibling(draft.getFileName() + "-replaced");
            if (Files.exists(target)) {
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            moveOrRestore(draft, target, old);
            flushFolder(target.getParent());
            deleteTree(old);
        } finally {
            deleteTree(draft);
        }
    }

    private static void moveOrRestore(Path draft, Path target, Path old) throws IOException {
        try {
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (Files.exists(old)) {
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    private static void writeFlushed(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private static void flushFolder(Path folder) throws IOException {
        // Windows opens no folders; it journals renames itself.
        if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(folder)) {
                channel.force(true);
            }
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> tree = Files.walk(folder)) {
                for (Path path :
                        tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
