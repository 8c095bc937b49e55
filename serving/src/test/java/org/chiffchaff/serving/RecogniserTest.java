package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.audio.SoundMeter;
import org.chiffchaff.audio.Window;
import org.chiffchaff.models.Classifier;
import org.chiffchaff.models.Scores;
import org.chiffchaff.models.TestBundles;
import org.junit.jupiter.api.Test;

class RecogniserTest {
    // Sure of the first species by as much as the window's first sample, of the second by the rest.
    private static final Classifier BY_FIRST_SAMPLE = windows -> {
        float[][] probabilities = new float[windows.length][];
        for (int i = 0; i < windows.length; i++) {
            probabilities[i] = new float[] {windows[i][0], 1 - windows[i][0]};
        }
        return new Scores(probabilities, probabilities, probabilities);
    };

    private static Question question(float minimumConfidence) {
        return new Question(
                "tone.wav", ByteBuffer.wrap(Recordings.tone(60)), 2, minimumConfidence, 0, Channel.MIX, Set.of());
    }

    private static Window window(double offsetSeconds, float first) {
        float[] samples = new float[TestBundles.FEATURES.windowSamples()];
        for (int i = 1; i < samples.length; i++) {
            samples[i] = (float) Math.sin(i);
        }
        samples[0] = first;
        return new Window(offsetSeconds, samples);
    }

    @Test
    void windowsArePushedDetectionsComeAtOnceAndTheRankingAtTheEnd() {
        Recogniser recogniser = new Recogniser(question(0.5f), BY_FIRST_SAMPLE, new SoundMeter(Recordings.RATE), 2);
        assertEquals(List.of(), recogniser.ranking());
        assertEquals(
                List.of(
                        new Recogniser.Detection(0, new Answer.Hit(0, 0.75f)),
                        new Recogniser.Detection(1, new Answer.Hit(1, 0.75f))),
                recogniser.accept(List.of(window(0, 0.75f), window(1, 0.25f))));
        assertEquals(List.of(), recogniser.accept(List.of(new Window(2, new float[8_000]))));
        recogniser.accept(List.of(window(3, 0.5f), window(4, 1)));
        assertEquals(4, recogniser.audibleWindows());
        assertEquals(List.of(new Answer.Hit(0, 0.625f), new Answer.Hit(1, 0.375f)), recogniser.ranking());
    }

    @Test
    void aFirstStepIsLargerAndACancelledQuestionStopsAtTheNext() {
        List<Integer> batches = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        AtomicBoolean cancelled = new AtomicBoolean();
        Recognition recognition = new Recognition(
                TestBundles.FEATURES,
                windows -> {
                    batches.add(windows.length);
                    return BY_FIRST_SAMPLE.classify(windows);
                },
                2,
                Limits.of(1 << 20));
        RecordingWork work = recognition.work(question(0), new RecordingWork.Caller() {
            @Override
            public boolean cancelled() {
                return cancelled.get();
            }

            @Override
            public void answer(Answer answer) {
                throw new AssertionError("not to its end");
            }

            @Override
            public void fail(Throwable failure) {
                failures.add(failure);
            }

            @Override
            public void over() {
                batches.add(0);
            }
        });
        assertTrue(work.step());
        assertTrue(work.step());
        cancelled.set(true);
        assertFalse(work.step());
        work.close();
        assertEquals(List.of(8, 4, 0), batches);
        assertInstanceOf(CancellationException.class, failures.getFirst());
    }
}
