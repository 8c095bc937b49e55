package org.chiffchaff.training.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.chiffchaff.audio.ChannelChoice;
import org.chiffchaff.audio.LeftOut;
import org.chiffchaff.audio.SoundFile;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Split;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.training.feed.Damaged;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.feed.FeatureCache;
import org.chiffchaff.training.feed.Learned;
import org.chiffchaff.training.feed.TrainingData;
import org.chiffchaff.training.run.RunDescription;
import org.chiffchaff.training.run.RunFolder;
import org.chiffchaff.training.run.TinyRun;
import org.chiffchaff.training.run.TrainRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two species, each with a recording of another tone in each of two channels; one has a mono recording, too. */
class ChannelOptionTest {
    private static final String STEREO = "rook/stereo.wav";
    private static final String MONO = "rook/mono.wav";
    private static final String WREN = "wren/stereo.wav";

    @TempDir
    Path folder;

    private Path corpus;

    @BeforeEach
    void record() throws IOException {
        corpus = folder.resolve("corpus");
        write(STEREO, 2, 1_000, 2_500);
        write(WREN, 2, 1_500, 3_000);
        write(MONO, 1, 1_000, 0);
    }

    private void write(String file, int channels, double left, double right) throws IOException {
        Path path = corpus.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(
                path,
                SoundFile.wave(
                        SoundFile.Coding.SIGNED_16,
                        8_000,
                        channels,
                        24_000,
                        (frame, channel) ->
                                0.5 * Math.sin(2 * Math.PI * (channel == 0 ? left : right) * frame / 8_000)));
    }

    private TrainingData load(String channel) {
        return load(channel, Part.TRAIN);
    }

    private TrainingData load(String channel, Part ofMono) {
        Dataset dataset = Dataset.scan(corpus);
        try (FeatureCache cache = new FeatureCache(folder.resolve("cache"), TinyRun.SPEC, 0)) {
            return TrainingData.load(dataset, split(dataset, ofMono), cache, Damaged.USE, ChannelChoice.parse(channel));
        }
    }

    private static Split split(Dataset dataset, Part ofMono) {
        return new Split(dataset.recordings().stream()
                .map((Recording each) -> new Split.Entry(each, each.file().equals(MONO) ? ofMono : Part.TRAIN))
                .toList());
    }

    private String digest(String channel, String source) {
        return Learned.of(load(channel).features()).digests().get(source);
    }

    @Test
    void everyChannelIsAnotherEntry() {
        String left = digest("left", STEREO + " channel 1");
        String right = digest("right", STEREO + " channel 2");
        assertNotEquals(left, right);
        assertNotEquals(left, digest("mix", STEREO));
        assertNotEquals(right, digest("mix", STEREO));
        assertEquals(left, digest("1", STEREO + " channel 1"));
        assertEquals(left, digest("each", STEREO + " channel 1"));
        assertEquals(right, digest("each", STEREO + " channel 2"));
        assertEquals(left, digest("mix", MONO), "the same tone alone");
    }

    @Test
    void aRecordingWithoutTheChannelIsLeftOutByName() {
        TrainingData data = load("right");
        assertEquals(List.of(STEREO, WREN), files(data, Part.TRAIN));
        assertEquals(
                List.of(new LeftOut(
                        corpus.resolve(MONO), LeftOut.Kind.UNUSABLE, "channel 2 is asked for, and it has 1 channel")),
                data.failures());
    }

    @Test
    void eachMakesARecordingOfEveryChannelInItsPart() throws IOException {
        write(WREN, 2, 1_500, 0);
        TrainingData data = load("each", Part.TEST);
        assertEquals(List.of(STEREO, STEREO, WREN), files(data, Part.TRAIN));
        assertEquals(List.of(MONO), files(data, Part.TEST));
        assertEquals(3, data.part(Part.TRAIN).recordings());
        assertEquals(
                List.of(0, 0, 1),
                data.sources().get(Part.TRAIN).stream()
                        .map(Examples.Source::label)
                        .toList());
        assertEquals(
                List.of(new LeftOut(
                        corpus.resolve(WREN),
                        LeftOut.Kind.UNUSABLE,
                        "channel 2: holds only silence (no sample above -96 dBFS)")),
                data.failures());
    }

    private static List<String> files(TrainingData data, Part part) {
        return data.recordings(part).stream().map(Recording::file).toList();
    }

    @Test
    void aStoppedRunGoesOnWithItsChannels() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Path undisturbed = begin("undisturbed", "each");
        train(undisturbed, () -> asked.incrementAndGet() == 0);
        Path stopped = begin("stopped", "each");
        AtomicInteger again = new AtomicInteger();
        assertThrows(
                CancellationException.class, () -> train(stopped, () -> again.incrementAndGet() == asked.get() / 2));
        train(stopped, () -> false);
        String model = "bundle/tiny/1.0.0/model.onnx";
        assertArrayEquals(
                Files.readAllBytes(undisturbed.resolve(model)), Files.readAllBytes(stopped.resolve(model)), model);
        String manifest = Files.readString(stopped.resolve("bundle/tiny/1.0.0/manifest.json"));
        assertTrue(manifest.replace(" ", "").contains("\"channel\":\"each\""), manifest);
    }

    @Test
    void aSpeciesOfWhichNothingCanBeLearnedIsNamed() throws IOException {
        write(STEREO, 2, 0, 0);
        Path root = begin("run", "mix");
        RunFolder run = RunFolder.open(root);
        StringWriter err = new StringWriter();
        Dataset dataset = Dataset.scan(corpus);
        new TrainRun(run, run.description(), Device.CPU, new PrintWriter(err), new PrintWriter(err))
                .load(dataset, split(dataset, Part.TEST));
        assertEquals(
                List.of("warning: none of the training recordings of [rook] can be used; what the other parts have of"
                        + " them is judged without having been learned"),
                err.toString()
                        .lines()
                        .filter(line -> line.startsWith("warning: none"))
                        .toList());
    }

    private Path begin(String name, String channel) {
        Path root = folder.resolve(name);
        RunFolder.create(root)
                .describe(new RunDescription(
                        "tiny",
                        corpus.toString(),
                        Dataset.Layout.FLAT,
                        Damaged.USE,
                        channel,
                        folder.resolve("cache").toString(),
                        List.of("rook", "wren"),
                        List.of(),
                        0,
                        0,
                        TinyRun.plan(2, 2)));
        return root;
    }

    private void train(Path root, BooleanSupplier stop) {
        RunFolder run = RunFolder.open(root);
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        Dataset dataset = Dataset.scan(corpus);
        new TrainRun(run, run.description(), Device.CPU, nowhere, nowhere)
                .train(dataset, split(dataset, Part.TEST), stop, () -> false);
    }
}
