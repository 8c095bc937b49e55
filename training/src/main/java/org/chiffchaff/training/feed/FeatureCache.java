package org.chiffchaff.training.feed;

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
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.audio.Condition;
import org.chiffchaff.audio.PcmStream;
import org.chiffchaff.audio.WindowSpec;
import org.chiffchaff.audio.Windows;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.FrontEnd;
import org.chiffchaff.models.Sha256;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.training.TrainingException;

/**
 * Features on disk, one file per recording. A file's place is made of the decoder, the windows, the front-end's
 * graph and the recording's path, size and time of change and the channel: whatever changes, the entry is another one.
 * Entries are written whole or not at all, so a run that is stopped has lost nothing. Thread-safe.
 */
public final class FeatureCache implements AutoCloseable {
    // Changes with what an entry holds beside the features.
    private static final int FORM = 2;
    // The number of windows, then the recording's condition.
    private static final int HEADER_BYTES = 7 * Long.BYTES + 2 * Integer.BYTES;
    private static final int WINDOWS_PER_RUN = 8;

    private final Path folder;
    private final FeatureSpec spec;
    private final WindowSpec windows;
    private final OnnxModel frontEnd;

    public FeatureCache(Path root, FeatureSpec spec, double overlapSeconds) {
        Graph graph = FrontEnd.graph(spec);
        byte[] model = OnnxFile.bytes(graph, OnnxFile.Parameters.INSIDE, Map.of());
        this.spec = spec;
        this.windows = WindowSpec.ofSeconds(spec.sampleRate(), spec.windowSeconds(), overlapSeconds);
        String hearing = Sha256.of(model) + "\n" + PcmStream.decoderVersion() + "\n" + WindowSpec.RULES + "\n" + FORM
                + "\n" + windows;
        this.folder =
                root.resolve(Sha256.of(hearing.getBytes(StandardCharsets.UTF_8)).substring(0, 16));
        this.frontEnd = OnnxModel.load(model, 1);
    }

    FeatureSpec spec() {
        return spec;
    }

    /**
     * What a recording is to a network.
     *
     * @param features read from disk as they are asked for
     * @param condition of the recording when they were computed
     */
    public record Heard(Features features, Condition condition) {}

    /**
     * The features of what is made of a recording's channels, computed at the first call.
     *
     * @throws org.chiffchaff.audio.AudioException where the recording cannot be used
     */
    public Heard hear(Path recording, Channel channel) {
        try {
            Path entry = entry(recording, channel);
            if (!Files.exists(entry)) {
                write(entry, recording, channel);
            }
            return open(entry);
        } catch (IOException e) {
            throw new TrainingException("The feature cache cannot hold " + recording + " in " + folder + ": " + e, e);
        }
    }

    private Path entry(Path recording, Channel channel) throws IOException {
        String identity = recording.toAbsolutePath().normalize() + "\n" + Files.size(recording) + "\n"
                + Files.getLastModifiedTime(recording).toMillis() + "\n" + inode(recording) + "\n" + channel.number();
        String name = Sha256.of(identity.getBytes(StandardCharsets.UTF_8));
        return folder.resolve(name.substring(0, 2)).resolve(name.substring(2) + ".features");
    }

    // Two files unpacked from one archive may have the same size and time, and then change places; this follows them,
    // and tells of a change whose time was set back.
    private static String inode(Path recording) throws IOException {
        return recording.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Files.readAttributes(recording, "unix:ino,ctime").toString()
                : "";
    }

    // Window by window to the disk: the features of a long recording would fill the memory.
    private void write(Path entry, Path recording, Channel channel) throws IOException {
        Files.createDirectories(entry.getParent());
        Path temporary = entry.resolveSibling("." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel file =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    Windows each = Windows.of(AudioSource.of(recording), windows, channel)) {
                file.position(HEADER_BYTES);
                long count = 0;
                while (each.hasNext()) {
                    float[][] batch = next(each);
                    count += batch.length;
                    writeFully(
                            file,
                            frontEnd.run(FrontEnd.waveform(batch, spec))
                                    .getFirst()
                                    .bytes());
                }
                file.position(0);
                writeFully(file, header(count, each.condition()));
            }
            Files.move(temporary, entry, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static float[][] next(Windows windows) {
        List<float[]> batch = new ArrayList<>();
        while (batch.size() < WINDOWS_PER_RUN && windows.hasNext()) {
            batch.add(windows.next().samples());
        }
        return batch.toArray(float[][]::new);
    }

    private long featureBytes() {
        return (long) spec.featureSize() * Float.BYTES;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static ByteBuffer header(long windows, Condition condition) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(windows)
                .putInt(condition.sampleRate())
                .putInt(condition.channels())
                .putDouble(condition.decodedSeconds())
                .putDouble(condition.promisedSeconds())
                .putDouble(condition.lostSeconds())
                .putDouble(condition.firstLossSeconds())
                .putDouble(condition.unplacedSeconds())
                .putInt(condition.oppositePhaseChannel().orElse(0))
                .putInt(condition.unreadableEnd() ? 1 : 0)
                .flip();
    }

    // What header() put behind the number of windows.
    private static Condition condition(ByteBuffer header) {
        int sampleRate = header.getInt();
        int channels = header.getInt();
        double[] seconds = new double[5];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = header.getDouble();
        }
        int oppositePhaseChannel = header.getInt();
        return new Condition(
                sampleRate,
                channels,
                oppositePhaseChannel == 0 ? OptionalInt.empty() : OptionalInt.of(oppositePhaseChannel),
                seconds[0],
                seconds[1],
                seconds[2],
                seconds[3],
                seconds[4],
                header.getInt() == 1);
    }

    private Heard open(Path entry) throws IOException {
        try (FileChannel channel = FileChannel.open(entry, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(header, 0);
            long windowCount = header.hasRemaining() ? 0 : header.getLong(0);
            long expected = HEADER_BYTES + windowCount * featureBytes();
            if (expected != channel.size()) {
                throw new TrainingException("The cached features " + entry + " hold " + channel.size()
                        + " bytes; expected " + expected + ". Delete the file and run again");
            }
            Features features =
                    new CachedFeatures(entry, HEADER_BYTES, Math.toIntExact(windowCount), (int) featureBytes());
            return new Heard(features, condition(header.position(Long.BYTES)));
        }
    }

    @Override
    public void close() {
        frontEnd.close();
    }
}
