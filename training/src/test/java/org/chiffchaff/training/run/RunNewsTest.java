package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.chiffchaff.data.Part;
import org.chiffchaff.training.feed.SampleRates;
import org.chiffchaff.training.feed.TrainingData;
import org.junit.jupiter.api.Test;

class RunNewsTest {
    // 140 windows to learn from; to validate on, 2 recordings of the first species and one of each of the other two.
    private static final TrainingData DATA = new TrainingData(
            Map.of(Part.TRAIN, TinyRun.examples(70, 1), Part.VALIDATION, TinyRun.examples(4, 2)),
            Map.of(),
            TinyRun.SPECIES,
            new SampleRates(List.of(), 22_050),
            List.of(),
            List.of());
    private static final String VALIDATION =
            "on the validation part, naming the most common of 3 species always has an accuracy of 0.500\n";

    private static String told(RunDescription run, RunDescription described, RunProgress progress) {
        StringWriter err = new StringWriter();
        new RunNews(run, described, DATA, new PrintWriter(err)).tell(progress);
        return err.toString();
    }

    private static RunDescription run(int epochs, int batchSize) {
        return TinyRun.description(TinyRun.plan(epochs, 3, batchSize));
    }

    @Test
    void chosenBatchesAndAShortWarmUpAreTold() {
        RunDescription asked = run(4, 0);
        assertEquals(
                "16 windows a batch, so that an epoch of 140 windows has 9 steps; --batch-size says otherwise\n"
                        + "the warm-up of 1 epochs is shortened to 0.3, a tenth of the run\n" + VALIDATION,
                told(asked.learningFrom(DATA), asked, RunProgress.start()));
    }

    @Test
    void largeBatchesOfFewWindowsAreTold() {
        RunDescription asked = run(10, 64);
        assertEquals(
                "an epoch of 140 windows has 3 steps of 64; --batch-size 16 would make more of it\n" + VALIDATION,
                told(asked, asked, RunProgress.start()));
    }

    // Of 8 epochs, the learning rate had come down to nothing.
    @Test
    void whatBecomesOfTheLearningRateOfALongerRunIsTold() {
        RunDescription before = run(8, 16);
        RunProgress end = new RunProgress(8, 0, 72, 0, RunProgress.Sums.ZERO, List.of(), 0);
        assertEquals(
                "16 epochs instead of 8: from here on the learning rate is that of a run of 16, 5.5e-04 now instead of"
                        + " 0.0e+00\n" + VALIDATION,
                told(before.withEpochs(16), before, end));
    }

    @Test
    void batchesSuitTheWindows() {
        assertEquals(
                List.of(16, 16, 16, 32, 32, 64, 64),
                List.of(1, 64, 224, 225, 448, 449, 1_000_000).stream()
                        .map(TrainPlan::batchSizeFor)
                        .toList());
    }
}
