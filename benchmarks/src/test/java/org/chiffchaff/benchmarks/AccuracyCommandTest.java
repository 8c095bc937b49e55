package org.chiffchaff.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.models.Csv;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sweeps over a corpus of invented songs: two species, two folds, one epoch. */
class AccuracyCommandTest {
    @TempDir
    private Path folder;

    private Path corpus;
    private Path out;

    private record Ended(int code, String out, String err) {
        /** The command lines that were run. */
        List<String> typed() {
            return err.lines().filter(line -> line.startsWith("$ ")).toList();
        }

        /** The table, without where it lies. */
        List<String> table() {
            return out.lines()
                    .filter(line -> line.startsWith(" ") || line.startsWith("floor"))
                    .toList();
        }
    }

    private static Ended run(List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Chiffchaff.run(new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
        return new Ended(code, out.toString(), err.toString());
    }

    private Ended sweep(String... trainOptions) {
        return sweep(List.of(), trainOptions);
    }

    private Ended sweep(List<String> ownOptions, String... trainOptions) {
        List<String> words = new ArrayList<>(List.of(
                "bench",
                "accuracy",
                "--data",
                corpus.toString(),
                "--folds",
                "2",
                "--seeds",
                "7",
                "--out",
                out.toString()));
        words.addAll(List.of("--floor", "accuracy=0.5", "--floor-source", "a coin"));
        words.addAll(ownOptions);
        words.add("--");
        words.addAll(
                List.of("--validation", "0", "--cache", folder.resolve("cache").toString()));
        words.addAll(List.of(trainOptions));
        return run(words);
    }

    @BeforeEach
    void makeCorpus() {
        corpus = folder.resolve("corpus");
        out = folder.resolve("out");
        List<String> synth =
                List.of("data", "synth", "--species", "2", "--recordings", "2", "--out", corpus.toString());
        assertEquals(Chiffchaff.OK, run(synth).code());
    }

    @Test
    void everyFoldIsTrainedOnceAndAStoppedRunGoesOn() throws IOException {
        Ended first = sweep("--epochs", "1");
        assertEquals(Chiffchaff.OK, first.code(), first.err());
        assertEquals(2, first.typed().size(), first.err());
        assertTrue(first.typed().getLast().contains(" --folds 2 --fold 2 --seed 7 --out "), first.err());
        assertEquals(5, first.table().size(), first.out());
        assertTrue(
                first.out()
                        .contains("Mean ± standard deviation (of a sample) of 2 runs."
                                + " The floor is published: a coin."),
                first.out());
        String results = Files.readString(out.resolve("results.csv"));
        assertEquals(3, results.lines().count());
        assertTrue(Files.readString(out.resolve("results.md")).contains("./chiffchaff train --data "));

        Ended again = sweep("--epochs", "1");
        assertEquals(new Ended(Chiffchaff.OK, first.out(), ""), again);
        assertEquals(results, Files.readString(out.resolve("results.csv")));

        Files.delete(out.resolve("fold-2-seed-7/test.json"));
        Ended resumed = sweep("--epochs", "1");
        assertEquals(1, resumed.typed().size(), resumed.err());
        assertTrue(resumed.typed().getFirst().endsWith(" --resume " + out.resolve("fold-2-seed-7")), resumed.err());
        assertEquals(first.table().get(1), resumed.table().get(1));
    }

    // Both recordings of one species are by one person: whichever is tested, the other was learned from.
    @Test
    void recordistsThatWereNotHeardAreMeasuredAlone() throws IOException {
        Path metadata = Files.writeString(folder.resolve("people.csv"), """
                file,recordist
                brook-triller-001.wav,Ann
                brook-triller-002.wav,Ann
                ember-sinker-001.wav,Ann
                ember-sinker-002.wav,Bob
                """);
        List<String> unseen = List.of("--metadata", metadata.toString(), "--unseen", "recordist");
        Ended ended = sweep(unseen, "--epochs", "1");
        assertEquals(Chiffchaff.OK, ended.code(), ended.err());
        assertTrue(
                ended.out()
                        .contains(
                                "of 2 runs. Unseen are test recordings whose recordist no recording of their species in"
                                        + " the other parts has. The floor is published: a coin."),
                ended.out());
        List<List<String>> rows = rows("results.csv");
        assertEquals(
                List.of("unseen", "unseen_accuracy", "unseen_macro_f1", "best_epoch"),
                rows.getFirst().subList(4, 8));
        for (int fold = 1; fold <= 2; fold++) {
            List<String> emberSinker =
                    rows("fold-" + fold + "-seed-7/per_class.csv").get(2);
            assertEquals(List.of("Ember Sinker", "1"), List.of(emberSinker.getFirst(), emberSinker.getLast()));
            assertEquals(1.0, Double.parseDouble(rows.get(fold).get(4)));
            assertEquals(
                    Double.parseDouble(emberSinker.get(2)),
                    Double.parseDouble(rows.get(fold).get(5)));
        }

        Files.delete(out.resolve("fold-1-seed-7/predictions.csv"));
        assertEquals(
                "chiffchaff: " + out.resolve("fold-1-seed-7")
                        + " has no predictions.csv, which earlier versions did not write; remove the folder, and the run"
                        + " is made anew\n",
                sweep(unseen, "--epochs", "1").err());
        assertEquals(
                "chiffchaff: --metadata and --unseen go together; expected a CSV file, and the columns of it to compare by"
                        + " (see chiffchaff bench accuracy --help)\n",
                sweep(List.of("--unseen", "recordist"), "--epochs", "1").err());
    }

    @Test
    void recordistsThatWereNotHeardAreMeasuredInFoldersOfFoldersToo() throws IOException {
        Path metadata = Files.writeString(folder.resolve("people.csv"), """
                file,recordist
                brook-triller-001.wav,Ann
                brook-triller-002.wav,Bob
                ember-sinker-001.wav,Ann
                ember-sinker-002.wav,Bob
                """);
        Path flat = folder.resolve("flat");
        Files.move(corpus, flat);
        Files.createDirectory(corpus);
        Files.move(flat, corpus.resolve("songs"));
        Ended ended =
                sweep(List.of("--metadata", metadata.toString(), "--unseen", "recordist"), "--epochs", "1", "--nested");
        assertEquals(Chiffchaff.OK, ended.code(), ended.err());
        assertEquals("2", rows("results.csv").get(1).get(4).replace(".0", ""), ended.out());
    }

    private List<List<String>> rows(String file) throws IOException {
        return Csv.read(Files.readString(out.resolve(file)), file).stream()
                .map(Csv.Row::fields)
                .toList();
    }

    @Test
    void runsOfAnotherCommandAreNotTakenForThisOnes() {
        assertEquals(Chiffchaff.OK, sweep("--epochs", "1").code());
        Ended other = sweep("--epochs", "2");
        assertEquals(Chiffchaff.FAILED, other.code());
        assertEquals(List.of(), other.typed());
        assertTrue(
                other.err()
                        .startsWith(
                                "chiffchaff: " + out.resolve("fold-1-seed-7")
                                        + " was made by another command; choose another --out.\n  found:    ./chiffchaff train "),
                other.err());
    }

    @Test
    void aFailureEndsTheSweep() {
        Ended failed = sweep("--epochs", "none");
        assertEquals(Chiffchaff.WRONG_USAGE, failed.code());
        assertEquals(1, failed.typed().size());
        assertFalse(Files.exists(out.resolve("results.csv")));
    }

    @Test
    void foldsMustBeGiven() {
        Ended ended = run(List.of("bench", "accuracy", "--data", corpus.toString()));
        assertEquals(
                new Ended(
                        Chiffchaff.WRONG_USAGE,
                        "",
                        "chiffchaff: --fold or --folds is missing; expected the folds to test on, or how many to make"
                                + " (see chiffchaff bench accuracy --help)\n"),
                ended);
    }

    /** The recipes of record name options that exist. */
    @Test
    void theRecipesAreRead() {
        for (String recipe : List.of("esc10", "british-birds")) {
            Path file = Path.of(System.getProperty("chiffchaff.root"), "benchmarks", "recipes", recipe + ".toml");
            Ended ended = run(List.of("bench", "accuracy", "--config", file.toString()));
            assertEquals(
                    "chiffchaff: Missing required option: '--data=DIR' (see chiffchaff bench accuracy --help)\n",
                    ended.err());
            ended = run(List.of("train", "--config", file.toString()));
            assertEquals(
                    "chiffchaff: --out is missing; expected a folder for the run, such as runs/first"
                            + " (see chiffchaff train --help)\n",
                    ended.err());
        }
    }
}
