package org.chiffchaff.training.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.cli.CommandLineRun;
import org.chiffchaff.data.SyntheticCorpus;
import org.chiffchaff.models.Csv;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.OrtLibrary;
import org.chiffchaff.training.run.RunFolder;
import org.chiffchaff.training.run.RunProgress;
import org.chiffchaff.training.run.TinyRun;
import org.chiffchaff.training.run.TrainPlan;
import org.chiffchaff.training.session.OrtTrainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The subcommands around training: what they print and how they end. Longer than other files because much of it is a
 * table of command lines and what they are told.
 */
class CommandsTest {
    @TempDir
    static Path folder;

    private static Path corpus;

    @BeforeAll
    static void sing() {
        corpus = folder.resolve("corpus");
        new SyntheticCorpus(3, 4, 2, 42).write(corpus, written -> {});
    }

    private static void assertRun(int code, String out, String err, CommandLineRun found) {
        assertEquals(new CommandLineRun(code, out, err), found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            train --data=D --out=O --epochs=0          | epochs is 0; expected at least 1
            train --data=D --out=O --batch-size=0      | batch-size is 0; expected 1 to 20712
            train --data=D --out=O --batch-size=30000  | batch-size is 30000; expected 1 to 20712
            train --data=D --out=O --channel=both      | channel is 'both'; mix, left, right, each or a number from 1 to 64 is expected
            data cache --data=D --channel=0            | channel is '0'; mix, left, right, each or a number from 1 to 64 is expected
            train --data=D --out=O --warmup-epochs=-1  | warmup-epochs is -1; expected at least 0
            train --data=D --out=O --patience=0        | patience is 0; expected at least 1
            train --data=D --out=O --threads=-1        | threads is -1; expected at least 0
            train --data=D --out=O --lr=5              | lr is 5.0; expected a number above 0 and below 1
            train --data=D --out=O --lr=NaN            | lr is NaN; expected a number above 0 and below 1
            train --data=D --out=O --weight-decay=-1   | weight-decay is -1.0; expected at least 0 and less than 1
            train --data=D --out=O --dropout=1         | dropout is 1.0; expected at least 0 and less than 1
            train --data=D --out=O --overlap=5         | overlap is 5.0; expected at least 0 and less than a window of 5.0 s
            train --data=D --out=O --focal-gamma=-1    | focal-gamma is -1.0; expected at least 0
            train --data=D --out=O --focal-alpha=0     | focal-alpha is 0.0; expected a number above 0
            train --data=D --out=O --focal-gamma=2     | --focal-gamma does nothing with --loss-type cross-entropy
            train --data=D --out=O --focal-alpha=1     | --focal-alpha does nothing with --loss-type cross-entropy
            train --data=D --out=O --cuda-tf32         | --cuda-tf32 does nothing without --device cuda
            train --data=D --out=O --device=cpu --cuda-search=default | --cuda-search does nothing without --device cuda
            train --resume=R --cuda-memory-mib=1       | --cuda-memory-mib does nothing without --device cuda
            evaluate --cuda-device=0 R                 | --cuda-device does nothing without --device cuda
            train --data=D --out=O --device=cuda --cuda-device=-1 | cuda-device is -1; expected at least 0
            train --data=D --out=O --device=cuda --cuda-memory-mib=8796093022208 | cuda-memory-mib is 8796093022208; expected 0 to 8796093022207
            train --data=D --out=O --checkpoint-minutes=-1 | checkpoint-minutes is -1; expected at least 0
            train --resume=R --lr=1e-3                 | --lr does nothing beside --resume: a run goes on with what it began with
            train --resume=R --data=D --device=cpu     | --data does nothing beside --resume: a run goes on with what it began with
            train --data=D --out=O --loss-type=hinge   | No loss 'hinge'; there is cross-entropy, focal
            train --data=D --out=O --model=resnet      | No model 'resnet'; there is audiocnn
            train --data=D --out=O --scheduler=linear  | Invalid value for option '--scheduler': expected one of [COSINE, CONSTANT] (case-insensitive) but was 'linear'
            train --data=CORPUS --out=O --fold=x --folds=3 | --fold is 'x'; with --folds it is a number from 1
            train --data=CORPUS --out=O --fold=4 --folds=3 | fold 4 of 3; expected 2 folds or more, and one of 1 to folds
            train --data=CORPUS --out=O --validation=0.5 --test=0.75 | proportions -0.25, 0.5, 0.75 for train, validation and test; expected fractions that add up to 1, with more than 0 to train
            train --data=D --out=O --folds=3           | --folds does nothing without --fold
            train --data=D --out=O --fold-pattern=(a)  | --fold-pattern does nothing without --fold
            train --data=D --out=O --fold=1 --test=0.15 | --test does nothing beside --fold: the fold is the test part
            train --data=D --out=O --fold=1 --folds=3 --fold-pattern=(a) | --fold-pattern does nothing beside --folds, which makes folds of its own
            train --data=D --out=O --split=S --fold=1 --test=0 | --fold does nothing beside --split, which says all of it
            train --data=D --out=O --split=S --group-pattern=(a) | --group-pattern does nothing beside --split, which says all of it
            train --data=D --out=O --split=S --groups=G | --groups does nothing beside --split, which says all of it
            train --data=D --out=O --metadata=M --group-by=x --group-pattern=(a) | --group-pattern does nothing beside --metadata
            train --data=D --out=O --groups=G --metadata=M | --metadata does nothing beside --groups
            train --data=D --out=O --group-by=recordist | --group-by does nothing without --metadata
            train --data=D --out=O --groups=G --group-scope=all | --group-scope does nothing beside --groups
            train --data=CORPUS --out=O --group-pattern=a | the group pattern 'a' captures nothing; expected a pair of parentheses around the part of the file name that tells the group
            data split --data=D --out=O --split=S --validation=0.15 | --validation does nothing beside --split, which says all of it
            data split --data=D --out=O --split=S --seed=42 | --seed does nothing beside --split, which says all of it
            data split --data=D --out=O --fold=1 --validation=0 --seed=42 | --seed does nothing where no recordings are drawn to validate or test on
            data split --data=D --out=O --test=0 --validation=0 --seed=42 | --seed does nothing where no recordings are drawn to validate or test on
            train --data=CORPUS --out=O --validation=0 --patience=20 | --patience does nothing where the split has no validation part
            train --data=CORPUS --out=O --name=a/b     | The name of a model names a folder: letters, digits, '.', '_' and '-'; found 'a/b'
            train --data=CORPUS                        | --out is missing; expected a folder for the run, such as runs/first
            train --out=O                              | --data is missing; expected a folder with one folder of recordings per species
            data inspect                               | --data is missing; expected a folder with one folder of recordings per species
            data cache --data=D --overlap=5            | overlap is 5.0; expected at least 0 and less than a window of 5.0 s
            data synth --out=O --species=13            | a synthetic corpus of 13 species, 12 recordings and imbalance 1.0; expected 1 to 12 species, 1 recording or more, and an imbalance of 1 or more
            models show resnet                         | No graph 'resnet'; there is front-end-dataset, front-end-window, audiocnn, loss-cross-entropy, loss-focal
            """)
    void wrongValuesAreWrongUsageAndTeach(String line, String message) {
        String[] words = line.strip().replace("CORPUS", corpus.toString()).split(" ", -1);
        String command = words[1].startsWith("-") ? words[0] : words[0] + " " + words[1];
        assertRun(
                2,
                "",
                "chiffchaff: " + message + " (see chiffchaff " + command + " --help)\n",
                CommandLineRun.of(words));
        assertTrue(Files.notExists(Path.of("O")));
    }

    @Test
    void anOptionInAFileIsGivenToo() throws IOException {
        Path config = Files.writeString(folder.resolve("folds.toml"), """
                [train]
                folds = 3
                """);
        assertRun(
                2,
                "",
                "chiffchaff: --folds does nothing without --fold (see chiffchaff train --help)\n",
                CommandLineRun.of("train", "--config=" + config, "--data=" + corpus, "--out=O"));
    }

    @Test
    void dataThatCannotBeUsedIsAFailure() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        assertRun(
                1,
                "",
                "chiffchaff: no data set at " + nowhere
                        + ": found nothing; expected a folder with one folder per species\n",
                CommandLineRun.of("train", "--data=" + nowhere, "--out=" + folder.resolve("out")));
        Path lonely = folder.resolve("lonely");
        new SyntheticCorpus(1, 3, 1, 42).write(lonely, written -> {});
        assertRun(
                1,
                "",
                "chiffchaff: The only species in " + lonely
                        + " is [Brook Triller]; expected two or more, each with a folder of its own, to be told apart\n",
                CommandLineRun.of("train", "--data=" + lonely, "--out=" + folder.resolve("out")));
        assertTrue(Files.notExists(folder.resolve("out")));
        Path file = Files.createFile(folder.resolve("file"));
        assertRun(
                1,
                "",
                "chiffchaff: Cannot write to the run folder " + file + ": java.nio.file.FileAlreadyExistsException: "
                        + file + "\n",
                CommandLineRun.of("train", "--data=" + corpus, "--out=" + file));
        String nothing = "chiffchaff: The run " + begun() + " has no checkpoint best yet: no epoch is over\n";
        assertRun(1, "", nothing, CommandLineRun.of("export", begun().toString()));
        for (String command : List.of("evaluate", "export")) {
            assertRun(
                    1,
                    "",
                    "chiffchaff: " + corpus + " is not the folder of a run: it has no run.json\n",
                    CommandLineRun.of(command, corpus.toString()));
        }
    }

    @Test
    void oneSpeciesThatCanBeUsedIsTooFew() throws IOException {
        Path broken = folder.resolve("broken");
        new SyntheticCorpus(2, 3, 1, 42).write(broken, written -> {});
        for (int recording = 1; recording <= 3; recording++) {
            Files.write(broken.resolve("Ember Sinker/ember-sinker-00" + recording + ".wav"), new byte[recording]);
        }
        CommandLineRun run = CommandLineRun.of(
                "train",
                "--data=" + broken,
                "--out=" + folder.resolve("out-of-one"),
                "--cache=" + folder.resolve("cache-of-one"));
        assertEquals(1, run.code());
        assertEquals(
                "chiffchaff: No recording of [Ember Sinker] in " + broken
                        + " can be used, which leaves the species [Brook Triller]; expected two or more to be told apart",
                run.err().lines().reduce((first, second) -> second).orElseThrow());
    }

    @Test
    void aDeviceThatIsNotThereLeavesNoFolder() {
        assumeTrue(OrtLibrary.missing(Device.Cuda.of(0)).isPresent(), "CUDA works here");
        Path out = folder.resolve("on-cuda");
        CommandLineRun run = CommandLineRun.of("train", "--data=" + corpus, "--out=" + out, "--device=cuda");
        assertEquals(1, run.code());
        assertTrue(run.err().startsWith("chiffchaff: --device cuda, but no graph can run there: "), run.err());
        assertTrue(Files.notExists(out));
    }

    /** A run that was stopped in its first epoch. */
    private static Path begun() {
        Path root = folder.resolve("begun");
        if (Files.notExists(root)) {
            RunFolder run = RunFolder.create(root);
            TrainPlan plan = TinyRun.plan(3, 1);
            run.describe(TinyRun.description(plan));
            try (OrtTrainer trainer = TinyRun.begin(run, plan)) {
                run.save(trainer, new RunProgress(0, 1, 1, 0, RunProgress.Sums.ZERO, List.of(), -1), false);
            }
        }
        return root;
    }

    @Test
    void synthMakesACorpusOnce() {
        Path made = folder.resolve("made");
        String[] synth = {"data", "synth", "--out=" + made, "--species=2", "--recordings=2"};
        CommandLineRun first = CommandLineRun.of(synth);
        assertRun(0, "4 recordings of 2 species in " + made + "\n", first.err(), first);
        assertRun(
                1,
                "",
                "chiffchaff: a synthetic corpus for " + made
                        + ", which is not empty; expected a new folder, so that nothing is mixed up or lost\n",
                CommandLineRun.of(synth));
    }

    @Test
    void inspectCounts() throws IOException {
        Path counted = folder.resolve("counted");
        new SyntheticCorpus(3, 4, 2, 42).write(counted, written -> {});
        Files.createDirectories(counted.resolve("notes"));
        assertRun(
                0,
                """
                     4  Brook Triller: 22.05 kHz
                     3  Ember Sinker: 22.05 kHz
                     2  Flint Clicker: 22.05 kHz
                     9  recordings of 3 species
                """,
                "left out: folders without a recording 1\n  " + counted.resolve("notes")
                        + ": a folder without a recording\n",
                CommandLineRun.of("data", "inspect", "--data=" + counted));
    }

    @Test
    void splitIsWrittenForTraining() throws IOException {
        Path file = folder.resolve("split.csv");
        String[] split = {"data", "split", "--data=" + corpus, "--out=" + file};
        String shares =
                "44 % of the recordings are to train on, not the 70 % asked for: a species is in every part first, and"
                        + " many have few recordings or few groups of them\n";
        String gap = "1 of 3 species have no recording in the validation part: Flint Clicker\n";
        String counts = """
                train           4 recordings   44 %
                validation      2 recordings   22 %
                test            3 recordings   33 %
                """;
        assertRun(0, counts, shares + gap, CommandLineRun.of(split));
        String content = Files.readString(file);
        assertEquals(10, content.lines().count());
        assertRun(
                1,
                "",
                "chiffchaff: " + file + " is there already; expected a new file, or --replace to overwrite this one\n",
                CommandLineRun.of(split));
        Files.writeString(file, "edited");
        assertRun(
                0,
                counts,
                shares + gap,
                CommandLineRun.of("data", "split", "--data=" + corpus, "--out=" + file, "--replace"));
        assertEquals(content, Files.readString(file));
        assertRun(
                0,
                """
                train           6 recordings   67 %
                validation      0 recordings    0 %
                test            3 recordings   33 %
                """,
                "",
                CommandLineRun.of(
                        "data",
                        "split",
                        "--data=" + corpus,
                        "--out=" + folder.resolve("fold.csv"),
                        "--folds=3",
                        "--fold=1",
                        "--validation=0"));
        Path missing = folder.resolve("missing/split.csv");
        assertRun(
                1,
                "",
                "chiffchaff: the split cannot be written to " + missing + ": java.nio.file.NoSuchFileException: "
                        + missing + "\n",
                CommandLineRun.of("data", "split", "--data=" + corpus, "--out=" + missing));
    }

    @Test
    void groupsAreToldAndKept() throws IOException {
        Path metadata = Files.writeString(corpus.resolve("notes.csv"), """
                filename,recordist,date
                brook-triller-001.wav,Ann,1
                brook-triller-002.wav,Ann,2
                brook-triller-003.wav,Ann,2
                ember-sinker-001.wav,Ann,1
                ember-sinker-002.wav,,1
                flint-clicker-001.wav,Bob,1
                """);
        assertGroups(
                "9 recordings in 7 groups by recordist in notes.csv (lines found by filename); 4 that it says nothing of"
                        + " are groups of their own",
                List.of("Brook Triller/Ann", "Brook Triller/Ann", "Brook Triller/Ann", "brook-triller-004"),
                "--metadata=notes.csv",
                "--group-by=recordist");
        assertGroups(
                "9 recordings in 7 groups by recordist, date in " + metadata
                        + " (lines found by filename); 4 that it says nothing of are groups of their own",
                List.of("Ann, 1", "Ann, 2", "Ann, 2", "brook-triller-004"),
                "--metadata=" + metadata,
                "--group-by=recordist,date",
                "--group-scope=all");
        Files.delete(metadata);
        Path table = Files.writeString(corpus.resolve("groups.csv"), """
                group,file
                A,Brook Triller/brook-triller-001.wav
                A,Ember Sinker/ember-sinker-001.wav
                """);
        assertGroups(
                "9 recordings in 8 groups by groups.csv; 7 that it says nothing of are groups of their own",
                List.of("A", "brook-triller-002", "brook-triller-003", "brook-triller-004"),
                "--groups=groups.csv");
        // Beside the species' folders they would be told of by every other test.
        Files.delete(table);
        assertGroups(
                "9 recordings in 7 groups by --group-pattern; 6 that it says nothing of are groups of their own",
                List.of("001", "brook-triller-002", "brook-triller-003", "brook-triller-004"),
                "--group-pattern=-(001)");
    }

    private static void assertGroups(String told, List<String> groups, String... options) throws IOException {
        Path out = folder.resolve("grouped.csv");
        Files.deleteIfExists(out);
        List<String> words = new ArrayList<>(List.of("data", "split", "--data=" + corpus, "--out=" + out));
        words.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new));
        assertEquals(told, run.err().lines().findFirst().orElseThrow());
        assertEquals(0, run.code(), run.err());
        assertEquals(
                groups,
                Csv.read(Files.readString(out), "split").stream()
                        .map(Csv.Row::fields)
                        .filter(fields -> fields.getFirst().startsWith("Brook"))
                        .map(fields -> fields.get(2))
                        .toList());
    }

    @Test
    void groupsThatSayNothingTeach() throws IOException {
        Path metadata = Files.writeString(folder.resolve("other.csv"), "path,recordist\n");
        assertRun(
                2,
                "",
                "chiffchaff: --group-by is missing; expected one or more of the columns of " + metadata
                        + ": [path, recordist] (see chiffchaff data split --help)\n",
                CommandLineRun.of("data", "split", "--data=" + corpus, "--out=O", "--metadata=" + metadata));
        assertRun(
                1,
                "",
                "chiffchaff: the group pattern '^(XC\\d+)' matches no file in " + corpus
                        + ", such as 'Brook Triller/brook-triller-001.wav'; expected it to match their names, or their"
                        + " paths there\n",
                CommandLineRun.of("data", "split", "--data=" + corpus, "--out=O", "--group-pattern=^(XC\\d+)"));
    }

    @Test
    void cacheComputesEachRecordingOnceAndNamesThoseItCannot() throws IOException {
        Path songs = folder.resolve("songs");
        new SyntheticCorpus(2, 2, 1, 42).write(songs, written -> {});
        String[] cache = {"data", "cache", "--data=" + songs, "--cache=" + folder.resolve("cache")};
        CommandLineRun good = CommandLineRun.of(cache);
        assertEquals(0, good.code(), good.err());
        assertTrue(good.out().matches("4 recordings, \\d windows; 0 recordings cannot be used\n"), good.out());
        Path empty = Files.createFile(songs.resolve("Ember Sinker/empty.wav"));
        CommandLineRun bad = CommandLineRun.of(cache);
        assertRun(1, good.out().replace("; 0", "; 1"), empty + ": is empty (0 bytes); a recording is expected\n", bad);
    }

    @Test
    void modelsAreListedAndShown() {
        CommandLineRun list = CommandLineRun.of("models", "list");
        assertEquals(0, list.code(), list.err());
        assertEquals(6, list.out().lines().count());
        assertTrue(
                list.out()
                        .contains(
                                "audiocnn                    478,041     23  features [?, 3, 40, 216] -> logits [?, 89],"
                                        + " embedding [?, 256]"),
                list.out());
        CommandLineRun show = CommandLineRun.of("models", "show", "audiocnn");
        assertEquals(0, show.code(), show.err());
        assertTrue(
                show.out().endsWith("parameters                                                     478,041\n"),
                show.out());
    }

    @Test
    void doctorSaysThatTrainingWorks() {
        CommandLineRun doctor = CommandLineRun.of("doctor");
        assertEquals(0, doctor.code(), doctor.err());
        assertTrue(doctor.out().lines().anyMatch(line -> line.matches("training +enabled")), doctor.out());
        assertTrue(
                doctor.out().lines().anyMatch(line -> line.startsWith("onnxruntime  1.24.1, providers [")),
                doctor.out());
        assertTrue(doctor.out().lines().anyMatch(line -> line.matches("ffmpeg +.*LGPL.*")), doctor.out());
    }
}
