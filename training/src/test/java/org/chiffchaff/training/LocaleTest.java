package org.chiffchaff.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.chiffchaff.cli.CommandLineRun;
import org.chiffchaff.data.SyntheticCorpus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures are read by programs, so they look the same whatever the locale. Egypt has digits and a comma of its own. */
class LocaleTest {
    private static final Locale BEFORE = Locale.getDefault();

    @TempDir
    Path folder;

    @BeforeEach
    void inEgypt() {
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    }

    @AfterEach
    void back() {
        Locale.setDefault(BEFORE);
    }

    @Test
    void figuresAreTheSameEverywhere() throws IOException {
        Path corpus = folder.resolve("corpus");
        String cache = "--cache=" + folder.resolve("cache");
        Path run = folder.resolve("run");
        new SyntheticCorpus(2, 3, 1, 42).write(corpus, written -> {});
        assertAscii(CommandLineRun.of("data", "inspect", "--data=" + corpus));
        assertAscii(CommandLineRun.of("data", "split", "--data=" + corpus, "--out=" + folder.resolve("split.csv")));
        assertAscii(CommandLineRun.of("data", "cache", "--data=" + corpus, cache));
        assertAscii(CommandLineRun.of("data", "synth", "--out=" + folder.resolve("other"), "--recordings=1"));
        assertAscii(CommandLineRun.of("train", "--data=" + corpus, "--out=" + run, cache, "--epochs=1"));
        assertAscii(CommandLineRun.of("evaluate", run.toString(), "--per-class"));
        assertAscii(CommandLineRun.of("models", "list"));
        assertAscii(CommandLineRun.of("models", "show", "audiocnn"));
        for (String file : List.of("metrics.csv", "per_class.csv", "test.json", "bundle/run/1.0.0/model-card.md")) {
            assertEquals("", foreign(Files.readString(run.resolve(file))), file);
        }
    }

    private static void assertAscii(CommandLineRun run) {
        assertEquals(0, run.code(), run.err());
        assertEquals("", foreign(run.out() + run.err()), run.out() + run.err());
    }

    private static String foreign(String text) {
        return text.replaceAll("\\p{ASCII}", "");
    }
}
