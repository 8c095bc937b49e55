package org.chiffchaff.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chiffchaff.onnx.HashStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Against scikit-learn; tools/golden/metrics.py wrote the cases. */
class MetricsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/metrics");
    private static final double TOLERANCE = 1e-9;

    @TempDir
    Path folder;

    static List<Path> cases() {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsScikitLearn(Path file) {
        JsonNode golden = new ObjectMapper().readTree(file.toFile());
        Metrics metrics = Metrics.of(truth(golden), scores(golden));

        assertFigures(golden, metrics);
        for (int label = 0; label < golden.get("classes").asInt(); label++) {
            assertClass(golden, label, metrics);
        }
    }

    /** What was written of the predictions, read again, on a part of the clips. */
    @ParameterizedTest
    @MethodSource("cases")
    void equalsScikitLearnOnSomeClips(Path file) throws IOException {
        JsonNode golden = new ObjectMapper().readTree(file.toFile());
        int[] truth = truth(golden);
        List<String> labels = IntStream.range(0, golden.get("classes").asInt())
                .mapToObj("species, %03d"::formatted)
                .toList();
        List<Recording> recordings = IntStream.range(0, truth.length)
                .mapToObj(clip -> new Recording("clip-" + clip, labels.get(truth[clip]), "clip-" + clip))
                .toList();
        Path written = folder.resolve("predictions.csv");
        Files.writeString(
                written, Predictions.of(recordings, labels, scores(golden)).csv());

        Predictions read = Predictions.read(written);
        assertFigures(golden, read.metrics());
        assertFigures(
                golden.get("everyThird"),
                read.of(recording -> recordings.indexOf(recording) % 3 == 0).metrics());
    }

    private static void assertFigures(JsonNode golden, Metrics metrics) {
        assertEquals(golden.get("accuracy").asDouble(), metrics.accuracy(), TOLERANCE);
        assertEquals(golden.get("macroF1").asDouble(), metrics.macroF1(), TOLERANCE);
        golden.get("topK")
                .properties()
                .forEach(top -> assertEquals(
                        top.getValue().asDouble(), metrics.topK(Integer.parseInt(top.getKey())), TOLERANCE));
    }

    @Test
    void predictionsAreATable() throws IOException {
        List<Recording> recordings =
                List.of(new Recording("rook/1.wav", "rook", "1"), new Recording("wren/2.wav", "wren", "Ann"));
        Predictions predictions = Predictions.of(
                recordings, List.of("crow", "rook", "wren"), new float[][] {{0.25f, 0.25f, 0.5f}, {0, 0, 1}});
        assertEquals("""
                file,label,group,rank,label_1,score_1,label_2,score_2,label_3,score_3
                rook/1.wav,rook,1,3,wren,0.500000,crow,0.250000,rook,0.250000
                wren/2.wav,wren,Ann,1,wren,1.000000,crow,0.000000,rook,0.000000
                """, predictions.csv());
        Path file = Files.writeString(folder.resolve("predictions.csv"), predictions.csv());
        assertEquals(predictions, Predictions.read(file));
    }

    @Test
    void predictionsThatCannotBeTeach() throws IOException {
        String header = "file,label,group,rank,label_1,score_1\n";
        assertPredictions(
                "predictions FILE does not begin with the columns [file, label, group, rank] and those of a guess", "");
        assertPredictions("predictions FILE, line 2: found 3 fields; expected 6", header + "a,b,c\n");
        assertPredictions(
                "predictions FILE, line 2: the species of 'a' comes at rank 1 of [Guess[label=rook, score=0.5]]; expected"
                        + " a rank from 1, where its own species 'wren' is the first",
                header + "a,wren,c,1,rook,0.5\n");
    }

    private void assertPredictions(String expected, String content) throws IOException {
        Path file = Files.writeString(folder.resolve("predictions.csv"), content);
        assertEquals(
                expected.replace("FILE", file.toString()),
                assertThrows(DataException.class, () -> Predictions.read(file)).getMessage());
    }

    @Test
    void equalScoresCountOnceAndForTheFirstClass() {
        Metrics metrics = Metrics.of(new int[] {0, 1, 2}, new float[3][3]);

        assertEquals(1.0 / 3, metrics.accuracy());
        assertEquals(2.0 / 3, metrics.topK(2));
        assertEquals(1, metrics.topK(3));
    }

    @Test
    void refusesScoresThatAreNotNumbers() {
        assertMessage(
                "clip 1 has a score that is not a number; expected a model whose training has not diverged",
                new int[] {0, 1},
                new float[][] {{1, 0}, {0, Float.NaN}});
    }

    @Test
    void refusesRowsThatDoNotFit() {
        assertMessage(
                "metrics of 1 true classes and 0 rows of scores; expected as many of one as of the other, and at least"
                        + " one",
                new int[] {0},
                new float[0][0]);
        assertMessage(
                "clip 0 is of class 2 and has 2 scores; expected 2 as the first clip has, and a class among them",
                new int[] {2},
                new float[][] {{1, 0}});
    }

    private static void assertMessage(String expected, int[] truth, float[][] scores) {
        assertEquals(
                expected,
                assertThrows(DataException.class, () -> Metrics.of(truth, scores))
                        .getMessage());
    }

    private static void assertClass(JsonNode golden, int label, Metrics metrics) {
        ClassMetrics found = metrics.classes().get(label);
        assertEquals(golden.get("precision").get(label).asDouble(), found.precision(), TOLERANCE);
        assertEquals(golden.get("recall").get(label).asDouble(), found.recall(), TOLERANCE);
        assertEquals(golden.get("f1").get(label).asDouble(), found.f1(), TOLERANCE);
        assertEquals(golden.get("support").get(label).asInt(), found.support());
        for (int other = 0; other < golden.get("classes").asInt(); other++) {
            assertEquals(golden.get("confusion").get(label).get(other).asInt(), metrics.confused(label, other));
        }
    }

    private static int[] truth(JsonNode golden) {
        return golden.get("truth").valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    private static float[][] scores(JsonNode golden) {
        int[] truth = truth(golden);
        int classes = golden.get("classes").asInt();
        float[][] scores = new float[truth.length][classes];
        for (int clip = 0; clip < truth.length; clip++) {
            for (int label = 0; label < classes; label++) {
                double raised = label == truth[clip] ? golden.get("raised").asDouble() : 0;
                double uniform = HashStream.uniform(
                        clip * classes + label, golden.get("scoreStream").asInt());
                scores[clip][label] = (float) (uniform + raised);
            }
            for (JsonNode label : golden.get("neverPredicted")) {
                scores[clip][label.asInt()] = -2;
            }
        }
        return scores;
    }
}
