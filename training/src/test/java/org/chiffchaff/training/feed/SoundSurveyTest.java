package org.chiffchaff.training.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.chiffchaff.audio.SoundFile;
import org.chiffchaff.audio.SoundFile.Coding;
import org.chiffchaff.cli.CommandLineRun;
import org.chiffchaff.data.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoundSurveyTest {
    @TempDir
    Path root;

    private void add(String file, int sampleRate, IntToDoubleFunction sample) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, SoundFile.wave(Coding.SIGNED_16, sampleRate, 1, 2 * sampleRate, sample));
    }

    // Loud and low with a quiet whistle above the band; quiet and low beside a loud whistle; a constant beside one.
    @Test
    void inspectTellsRatesAndWhatIsNotHeard() throws IOException {
        add("bat/1.wav", 192_000, whistle(192_000, 0.1, 0.5, 0));
        add("bat/2.wav", 96_000, whistle(96_000, 0.01, 0.1, 0.4));
        add("wren/1.wav", 44_100, whistle(44_100, 0.5, 0.1, 0));
        add("wren/2.wav", 44_100, SoundFile.sine(3_000, 0.5, 44_100));
        add("wren/3.wav", 22_050, SoundFile.sine(3_001, 0.5, 22_050));
        add("rook/1.wav", 8_000, SoundFile.sine(1_000, 0.5, 8_000));
        add("rook/2.wav", 8_000, SoundFile.sine(1_001, 0.5, 8_000));
        add("wren/4.wav", 44_100, frame -> 0);
        CommandLineRun inspect = CommandLineRun.of("data", "inspect", "--data=" + root);
        assertEquals("""
                     4  wren: 44.1 kHz (2), 22.05 kHz (1)
                     2  bat: 96 kHz (1), 192 kHz (1)
                     2  rook: 8 kHz
                     8  recordings of 3 species
                        2 of 7 recordings, such as 'rook/1.wav' at 8 kHz, have less than 22.05 kHz: all above half of their rate is missing, and a model takes them for something else than the same voice in full
                        all recordings of rook are at 8 kHz, and a model may know them by that instead of by the voice
                        most of the sound of 2 recordings, such as 'bat/1.wav', lies above 11.025 kHz, where a model hears nothing: bat
                        1 recordings cannot be used; 'data cache' tells which, and why
                """, inspect.out());
    }

    // The second time from the condition kept beside the features.
    @Test
    void trainingTellsTheRatesItLearnsFromOnce(@TempDir Path folder) throws IOException {
        for (int i = 0; i < 3; i++) {
            add("wren/" + i + ".wav", 44_100, SoundFile.sine(3_000 + i, 0.5, 44_100));
            add("rook/" + i + ".wav", 8_000, SoundFile.sine(1_000 + i, 0.5, 8_000));
        }
        Path cache = folder.resolve("features");
        List<String> expected = List.of(
                "warning: 3 of 6 recordings, such as 'rook/0.wav' at 8 kHz, have less than 22.05 kHz: all above half of"
                        + " their rate is missing, and a model takes them for something else than the same voice in full",
                "warning: all recordings of rook are at 8 kHz, and a model may know them by that instead of by the voice");
        CommandLineRun computed = CommandLineRun.of("data", "cache", "--data=" + root, "--cache=" + cache);
        assertEquals(expected, warnings(computed));
        CommandLineRun train = CommandLineRun.of(
                "train",
                "--data=" + root,
                "--cache=" + cache,
                "--out=" + folder.resolve("run"),
                "--epochs=1",
                "--threads=1");
        assertEquals(0, train.code(), train.err());
        assertEquals(expected, warnings(train));
    }

    private static List<String> warnings(CommandLineRun run) {
        return run.err().lines().filter(line -> line.startsWith("warning: ")).toList();
    }

    private static IntToDoubleFunction whistle(int sampleRate, double low, double high, double constant) {
        IntToDoubleFunction voice = SoundFile.sine(2_000, low, sampleRate);
        IntToDoubleFunction whistle = SoundFile.sine(15_000, high, sampleRate);
        return frame -> constant + voice.applyAsDouble(frame) + whistle.applyAsDouble(frame);
    }

    @Test
    void aSetAtOneLowRateIsNoWayToTellItsSpecies() {
        List<SampleRates.Rate> rates = IntStream.range(0, 4)
                .mapToObj(i -> new SampleRates.Rate(new Recording(i + ".wav", "bird " + i % 2, "" + i), 16_000))
                .toList();
        assertEquals(
                List.of(
                        "4 of 4 recordings, such as '0.wav' at 16 kHz, have less than 22.05 kHz: all above half of their"
                                + " rate is missing, and a model takes them for something else than the same voice in full"),
                new SampleRates(rates, 22_050).warnings());
        assertEquals(List.of(), new SampleRates(rates, 16_000).warnings());
    }
}
