package org.chiffchaff.training.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.audio.SoundFile;
import org.chiffchaff.audio.SoundFile.Coding;
import org.chiffchaff.audio.WindowSpec;
import org.chiffchaff.audio.Windows;
import org.chiffchaff.cli.CommandLineRun;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Predictions;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Split;
import org.chiffchaff.data.SyntheticCorpus;
import org.chiffchaff.models.Csv;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.training.feed.FeatureCache;
import org.chiffchaff.training.run.RunDescription;
import org.chiffchaff.training.run.RunFolder;
import org.chiffchaff.training.run.TinyRun;
import org.chiffchaff.training.session.OrtTrainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One run from the command line, over good recordings and bad ones, and everything it leaves behind. */
class TrainCommandTest {
    private static final String SPECIES = "Brook Triller";

    @TempDir
    static Path folder;

    private static Path corpus;
    private static Path root;
    private static CommandLineRun train;

    @BeforeAll
    static void train() throws IOException {
        corpus = folder.resolve("corpus");
        root = folder.resolve("run");
        new SyntheticCorpus(3, 6, 1, 42).write(corpus, written -> {});
        addUnusual(corpus.resolve(SPECIES));
        addBroken(corpus.resolve(SPECIES));
        Files.writeString(corpus.resolve("notes.md"), "Recorded in spring.");
        train = CommandLineRun.of(
                "train",
                "--data=" + corpus,
                "--out=" + root,
                "--cache=" + folder.resolve("cache"),
                "--loss-type=focal",
                "--epochs=2",
                "--batch-size=7",
                "--warmup-epochs=1",
                "--overlap=2");
    }

    private static void addUnusual(Path species) throws IOException {
        wave(species, "eight-bit", Coding.UNSIGNED_8, 22_050, 1);
        wave(species, "twenty-four-bit", Coding.SIGNED_24, 44_100, 2);
        wave(species, "float", Coding.FLOAT_32, 48_000, 1);
        wave(species, "ultrasonic", Coding.SIGNED_16, 192_000, 1);
        wave(species, "eight-channels", Coding.SIGNED_16, 22_050, 8);
    }

    private static void wave(Path species, String name, Coding coding, int sampleRate, int channels)
            throws IOException {
        byte[] song =
                SoundFile.wave(coding, sampleRate, channels, 6 * sampleRate, SoundFile.sine(5_000, 0.5, sampleRate));
        Files.write(species.resolve(name + ".wav"), song);
    }

    private static void addBroken(Path species) throws IOException {
        byte[] song = Files.readAllBytes(species.resolve("brook-triller-001.wav"));
        Files.write(species.resolve("cut.wav"), Arrays.copyOf(song, song.length / 2));
        Files.write(species.resolve("nearly.wav"), Arrays.copyOf(song, song.length / 100 * 95));
        Files.createFile(species.resolve("empty.wav"));
        Files.writeString(species.resolve("notes.wav"), "Turdus merula sang from the roof until nine.\n".repeat(99));
        byte[] silence = SoundFile.wave(Coding.SIGNED_16, 22_050, 1, 110_250, SoundFile.sine(440, 0, 22_050));
        Files.write(species.resolve("silence.wav"), silence);
        Files.write(Files.createDirectories(corpus.resolve("Mute")).resolve("silence.wav"), silence);
    }

    @Test
    void endsWithFiguresAndABundle() {
        assertEquals(0, train.code(), train.err());
        List<String> lines = train.out().lines().toList();
        assertTrue(lines.get(0).startsWith("  epoch    loss  accuracy"), train.out());
        assertTrue(lines.get(1).startsWith("    1/2  "), train.out());
        assertTrue(lines.get(2).startsWith("    2/2  "), train.out());
        assertTrue(train.out().contains("\nTrained all 2 epochs; best epoch "), train.out());
        assertTrue(lines.getLast().equals("bundle     " + root.resolve("bundle/run/1.0.0")), train.out());
    }

    @Test
    void badRecordingsAreNamedAndTheRestIsTrained() {
        Path species = corpus.resolve(SPECIES);
        List<String> leftOut = train.err()
                .lines()
                .dropWhile(line -> !line.equals("left out: unusable 5"))
                .skip(1)
                .limit(5)
                .map(line -> line.replaceFirst("truncated: .* of .* s;", "truncated: A of B s;"))
                .toList();
        assertEquals(
                List.of(
                        "  " + species.resolve("cut.wav")
                                + ": truncated: A of B s; at least 90 % of a recording are expected",
                        "  " + species.resolve("empty.wav") + ": is empty (0 bytes); a recording is expected",
                        "  " + species.resolve("notes.wav")
                                + ": its content is no audio format that FFmpeg knows; WAV, FLAC, MP3, Ogg, Opus, M4A,"
                                + " AAC, AIFF, Wave64, CAF, AU, AMR, 3GP, WebM, WavPack or WMA is expected",
                        "  " + species.resolve("silence.wav") + ": holds only silence (no sample above -96 dBFS)",
                        "  " + corpus.resolve("Mute/silence.wav") + ": holds only silence (no sample above -96 dBFS)"),
                leftOut);
        int used = train.err()
                .lines()
                .filter(line -> line.matches("(train|validation|test) +\\d+ recordings +\\d+ windows"))
                .mapToInt(line -> Integer.parseInt(line.split(" +", -1)[1]))
                .sum();
        assertEquals(3 * 6 + 6, used, train.err());
        assertTrue(
                train.err().contains("\nno classes, for want of a recording that can be used: [Mute]\n"), train.err());
        String remark = train.err()
                .split("\nused, with a remark: 1\n", 2)[1]
                .lines()
                .findFirst()
                .orElseThrow();
        assertTrue(remark.matches("  " + species.resolve("nearly.wav") + ": truncated: \\d.\\d of \\d.\\d s"), remark);
    }

    @Test
    void theRunFolderHoldsWhatItShould() throws IOException {
        RunFolder run = RunFolder.open(root);
        RunDescription description = run.description();
        assertEquals("run", description.name());
        assertEquals(3, description.labels().size());
        assertEquals(List.of("Mute"), description.withoutClass());
        assertEquals(2.0, description.plan().overlapSeconds());
        assertEquals(2, run.progress().epoch());
        Split split = Split.read(run.split(), Dataset.scan(corpus));
        assertEquals(3 * 6 + 6 + 5, split.entries().size());
        assertEquals(3, rows("metrics.csv").size());
        assertEquals(
                List.of("file", SPECIES + "/silence.wav", "Mute/silence.wav"),
                rows("equal_content.csv").stream().map(row -> row.get(2)).toList());
        assertEquals("path", rows("damaged.csv").getFirst().getFirst());
        assertEquals(
                corpus.resolve(SPECIES).resolve("nearly.wav").toString(),
                rows("damaged.csv").get(1).getFirst());
        assertEquals(
                List.of(
                        "path",
                        corpus.resolve("notes.md").toString(),
                        "cut.wav",
                        "empty.wav",
                        "notes.wav",
                        "silence.wav",
                        corpus.resolve("Mute/silence.wav").toString()),
                rows("left_out.csv").stream()
                        .map(row -> row.getFirst().replace(corpus.resolve(SPECIES) + "/", ""))
                        .toList());
        assertEquals("outside", rows("left_out.csv").get(1).get(1));
        assertEquals("unusable", rows("left_out.csv").get(2).get(1));
        List<List<String>> perClass = rows("per_class.csv");
        assertEquals(List.of("label", "precision", "recall", "f1", "support"), perClass.getFirst());
        assertEquals(
                description.labels(),
                perClass.stream().skip(1).map(List::getFirst).toList());
        assertEquals(
                List.of("accuracy", "classes", "macro_f1", "majority_share"),
                List.copyOf(run.testFigures().keySet()));
        Predictions predictions = Predictions.read(root.resolve("predictions.csv"));
        assertTrue(
                split.part(Part.TEST)
                        .containsAll(predictions.entries().stream()
                                .map(Predictions.Prediction::recording)
                                .toList()),
                predictions.toString());
        assertEquals(run.testFigures().get("accuracy"), predictions.metrics().accuracy());
        assertEquals(run.testFigures().get("macro_f1"), predictions.metrics().macroF1());
        JsonNode environment = new JsonMapper().readTree(root.resolve("environment.json"));
        assertEquals(
                Runtime.version().feature() + "",
                environment.get("java.version").asString().split("\\.", -1)[0]);
        try (var files = Files.list(root.resolve("checkpoints"))) {
            assertEquals(
                    List.of("best", "last-" + run.progress().step()),
                    files.map(each -> each.getFileName().toString()).sorted().toList());
        }
    }

    private static List<List<String>> rows(String file) throws IOException {
        return Csv.read(Files.readString(root.resolve(file)), file).stream()
                .map(Csv.Row::fields)
                .toList();
    }

    @Test
    void theResolvedOptionsCanBeGivenAgain() {
        CommandLineRun again = CommandLineRun.of("train", "--config=" + root.resolve("config.toml"));
        assertEquals(
                new CommandLineRun(
                        1,
                        "",
                        "left out: outside the species' folders 1\n  " + corpus.resolve("notes.md")
                                + ": lies in no species' folder, but beside them\n"
                                + "repeated byte for byte: 1 recordings; equal ones stay in one part\n"
                                + "warning: one content, 2 species: " + SPECIES + "/silence.wav = Mute/silence.wav\n"
                                + "chiffchaff: " + root
                                + " holds a run already; choose another --out, or go on with it: train"
                                + " --resume " + root + "\n"),
                again);
    }

    /**
     * What is served must be what was trained: the same windows through the cache and the trainer, and through the
     * bundle.
     */
    @Test
    void theBundleSaysWhatTheTrainerSays() {
        RunFolder run = RunFolder.open(root);
        RunDescription description = run.description();
        Dataset dataset = description.dataset();
        WindowSpec cut = WindowSpec.ofSeconds(22_050, 5, description.plan().overlapSeconds());
        int compared = 0;
        try (FeatureCache cache = new FeatureCache(
                        folder.resolve("cache"), description.plan().features(), 2);
                OrtTrainer trainer = run.trainer(RunFolder.Kept.BEST, Device.CPU);
                ModelBundle bundle = ModelBundle.open(run.bundle().resolve("run"), 1)) {
            assertEquals(description.labels().size(), bundle.labels().size());
            for (Recording recording : dataset.recordings()) {
                Path file = dataset.path(recording);
                if (recording.file().matches(".*-\\d+\\.wav")) {
                    float[][] trained = trained(trainer, cache, description, file);
                    float[][] served =
                            bundle.classifier().classify(windows(file, cut)).logits();
                    assertEquals(trained.length, served.length);
                    for (int window = 0; window < trained.length; window++) {
                        assertArrayEquals(trained[window], served[window], 1e-5f, file + ", window " + window);
                        compared++;
                    }
                }
            }
        }
        assertTrue(compared >= 3 * 6, compared + " windows compared");
    }

    private static float[][] trained(OrtTrainer trainer, FeatureCache cache, RunDescription run, Path file) {
        var spec = run.plan().features();
        var features = cache.hear(file, Channel.MIX).features();
        int count = features.windows();
        var input = Tensor.of(ElementType.FLOAT, spec.featureShape().with(0, count), TinyRun.Held.all(features, spec));
        return trainer.evaluate(input, Tensor.of(new long[count], count))
                .logits()
                .rows();
    }

    private static float[][] windows(Path file, WindowSpec spec) {
        try (Windows windows = Windows.of(AudioSource.of(file), spec)) {
            List<float[]> samples = new ArrayList<>();
            windows.forEachRemaining(each -> samples.add(each.samples()));
            return samples.toArray(float[][]::new);
        }
    }

    @Test
    void evaluateMeasuresAPart() {
        CommandLineRun test = CommandLineRun.of("evaluate", root.toString(), "--per-class");
        assertEquals(0, test.code(), test.err());
        List<String> lines = test.out().lines().toList();
        assertTrue(
                lines.get(0)
                        .matches("accuracy +\\d\\.\\d{3}, where naming the most common of 3 species always gives"
                                + " \\d\\.\\d{3}"),
                test.out());
        assertTrue(lines.get(1).matches("macro-f1 +\\d\\.\\d{3}"), test.out());
        assertEquals("label,precision,recall,f1,support", lines.get(2));
        assertEquals(6, lines.size());
        // What training printed is what evaluation prints.
        assertTrue(train.out().contains(lines.get(0) + "\n" + lines.get(1)), train.out() + test.out());
        assertEquals(
                0,
                CommandLineRun.of("evaluate", root.toString(), "--part=train", "--checkpoint=last")
                        .code());
    }

    @Test
    void exportWritesAnotherBundleOnceAndOnlyOnce() {
        Path models = folder.resolve("models");
        String[] export = {"export", root.toString(), "--to=" + models, "--bundle-version=2.0.0", "--checkpoint=last"};
        Path bundle = models.resolve("run/2.0.0");
        assertEquals(new CommandLineRun(0, bundle + "\n", ""), CommandLineRun.of(export));
        try (ModelBundle opened = ModelBundle.open(models.resolve("run"), 1)) {
            assertEquals("2.0.0", opened.manifest().version());
            assertEquals(2, opened.manifest().training().epochs());
        }
        assertEquals(
                new CommandLineRun(
                        1,
                        "",
                        "chiffchaff: Version 2.0.0 of run is at " + bundle
                                + " already; choose another version, or say that it may be replaced\n"),
                CommandLineRun.of(export));
    }

    // A folder that comes or goes would give every class behind it another index.
    @Test
    void otherSpeciesAreAnotherRun() throws IOException {
        Path other = Files.createDirectories(corpus.resolve("Accentor"));
        Files.copy(corpus.resolve(SPECIES).resolve("float.wav"), other.resolve("float.wav"));
        CommandLineRun resumed = CommandLineRun.of("train", "--resume=" + root);
        Files.delete(other.resolve("float.wav"));
        Files.delete(other);
        assertEquals(
                new CommandLineRun(
                        1,
                        "",
                        "chiffchaff: The run knows the species [Brook Triller, Ember Sinker, Flint Clicker, Mute], and "
                                + corpus
                                + " now has [Accentor, Brook Triller, Ember Sinker, Flint Clicker, Mute]; bring its folders"
                                + " back as they were, or begin a new run\n"),
                resumed);
    }

    @Test
    void fewerRecordingsAreAnotherRun() throws IOException {
        Split split = Split.read(RunFolder.open(root).split(), Dataset.scan(corpus));
        Path learned = corpus.resolve(split.part(Part.TRAIN).getFirst().file());
        byte[] content = Files.readAllBytes(learned);
        FileTime time = Files.getLastModifiedTime(learned);
        Files.write(learned, Arrays.copyOf(content, 100));
        CommandLineRun resumed = CommandLineRun.of("train", "--resume=" + root);
        Files.write(learned, content);
        Files.setLastModifiedTime(learned, time);
        assertEquals(1, resumed.code());
        String last = resumed.err().lines().reduce((first, second) -> second).orElseThrow();
        assertTrue(
                last.matches(
                        "chiffchaff: The run began with \\d+ windows to learn from, and .* now has \\d+ of them; bring"
                                + " the recordings back, or begin a new run"),
                last);
    }

    @Test
    void twoRecordingsThatChangedPlacesAreAnotherRun() throws IOException {
        Path one = corpus.resolve("Ember Sinker/ember-sinker-001.wav");
        Path other = corpus.resolve("Flint Clicker/flint-clicker-001.wav");
        swap(one, other);
        CommandLineRun resumed = CommandLineRun.of("train", "--resume=" + root);
        swap(one, other);
        assertEquals(1, resumed.code());
        assertEquals(
                "chiffchaff: The run " + root + " began with other recordings: Ember Sinker/ember-sinker-001.wav"
                        + " (changed), Flint Clicker/flint-clicker-001.wav (changed); bring them back as they were, or"
                        + " begin a new run",
                resumed.err().lines().reduce((first, second) -> second).orElseThrow());
    }

    private static void swap(Path one, Path other) throws IOException {
        Path between = one.resolveSibling("between");
        Files.move(one, between);
        Files.move(other, one);
        Files.move(between, other);
    }

    @Test
    void aFinishedRunResumedIsTheSameRun() throws IOException {
        String before = Files.readString(root.resolve("metrics.csv"));
        CommandLineRun resumed = CommandLineRun.of("train", "--resume=" + root);
        assertEquals(0, resumed.code(), resumed.err());
        assertEquals(before, Files.readString(root.resolve("metrics.csv")));
    }
}
