package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.models.TestBundles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecogniserTest {
    @TempDir
    private Path models;

    @Test
    void aCancelledQuestionStopsAtTheNextBatch() {
        try (ModelBundle bundle = ModelBundle.open(TestBundles.write(models, "birds", "1.0.0"), 1)) {
            AtomicInteger windows = new AtomicInteger();
            Recogniser recogniser = new Recogniser(TestBundles.FEATURES, batch -> {
                windows.addAndGet(batch.length);
                return bundle.classifier().classify(batch);
            });
            Question question =
                    new Question("tone.wav", ByteBuffer.wrap(Recordings.tone(60)), 1, 0, 0, Channel.MIX, Set.of());
            assertThrows(CancellationException.class, () -> recogniser.answer(question, () -> windows.get() > 0));
            assertEquals(8, windows.get());
        }
    }
}
