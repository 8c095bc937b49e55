package org.chiffchaff.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.WindowSpec;
import org.chiffchaff.audio.Windows;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.FrontEnd;
import org.chiffchaff.models.Sha256;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Tensor;

/**
 * Features on disk, one file per recording, memory-mapped when read. A file's place is made of the front-end's graph, the windows and
 * the recording's path, size and time of change: whatever changes, the entry is another one. Entries are written whole or not at all,
 * so a run that is stopped has lost nothing. Thread-safe.
 */
final class FeatureCache implements AutoCloseable {
    private static final int HEADER_BYTES = Long.BYTES;
    private static final int WINDOWS_PER_RUN = 8;

    private final Path folder;
    private final FeatureSpec spec;
    private final WindowSpec windows;
    private final OnnxModel frontEnd;

    FeatureCache(Path root, FeatureSpec spec, double overlapSeconds) {
        Graph graph = FrontEnd.graph(spec);
        byte[] model = OnnxFile.bytes(graph, OnnxFile.Parameters.INSIDE, java.util.Map.of());
        this.spec = spec;
        this.windows = WindowSpec.ofSeconds(spec.sampleRate(), spec.windowSeconds(), overlapSeconds);
        this.folder = root.resolve(Sha256.of(model).substring(0, 16) + "-" + windows.hopSamples());
        this.frontEnd = OnnxModel.load(model, 1);
    }

    /**
     * The features of a recording, computed at the first call.
     *
     * @return float32 [windows, 3, coefficients, frames], mapped from disk
     * @throws org.chiffchaff.audio.AudioException where the recording cannot be used
     */
    ByteBuffer features(Path recording) {
        try {
            Path entry = entry(recording);
            if (!Files.exists(entry)) {
                write(entry, compute(recording));
            }
            return map(entry);
        } catch (IOException e) {
            throw new TrainingException("The feature cache cannot hold " + recording + " in " + folder + ": " + e, e);
        }
    }

    private Path entry(Path recording) throws IOException {
        String identity = recording.toAbsolutePath().normalize() + "\n" + Files.size(recording) + "\n"
                + Files.getLastModifiedTime(recording).toMillis();
        String name = Sha256.of(identity.getBytes(StandardCharsets.UTF_8));
        return folder.resolve(name.substring(0, 2)).resolve(name.substring(2) + ".features");
    }

    private List<Tensor> compute(Path recording) {
        List<Tensor> features = new ArrayList<>();
        List<float[]> pending = new ArrayList<>();
        try (Windows each = Windows.of(AudioSource.of(recording), windows)) {
            while (each.hasNext()) {
                pending.add(each.next().samples());
                if (pending.size() == WINDOWS_PER_RUN || !each.hasNext()) {
                    float[][] batch = pending.toArray(float[][]::new);
                    features.add(frontEnd.run(FrontEnd.waveform(batch, spec)).getFirst());
                    pending.clear();
                }
            }
        }
        return features;
    }

    private static void write(Path entry, List<Tensor> features) throws IOException {
        Files.createDirectories(entry.getParent());
        Path temporary = Files.createTempFile(entry.getParent(), "features", ".part");
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            long count =
                    features.stream().mapToLong(each -> each.shape().dim(0)).sum();
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(0, count);
            writeFully(channel, header);
            for (Tensor each : features) {
                writeFully(channel, each.bytes());
            }
        }
        Files.move(temporary, entry, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private ByteBuffer map(Path entry) throws IOException {
        try (FileChannel channel = FileChannel.open(entry, StandardOpenOption.READ)) {
            ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
            long expected = HEADER_BYTES + all.getLong(0) * spec.featureSize() * Float.BYTES;
            if (expected != channel.size()) {
                throw new TrainingException("The cached features " + entry + " hold " + channel.size()
                        + " bytes; expected " + expected + ". Delete the file and run again");
            }
            return all.slice(HEADER_BYTES, all.limit() - HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    @Override
    public void close() {
        frontEnd.close();
    }
}
