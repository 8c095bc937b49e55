package org.chiffchaff.training.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Map;
import org.chiffchaff.models.Sha256;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.run.TinyRun;
import org.junit.jupiter.api.Test;

class LearnedTest {
    /** Two windows that differ. */
    private static Features features() {
        byte[] bytes = new byte[2 * TinyRun.SPEC.featureSize() * Float.BYTES];
        bytes[0] = 1;
        return new TinyRun.Held(ByteBuffer.wrap(bytes), TinyRun.SPEC);
    }

    @Test
    void isADigestOfAllFeaturesThatComesBackFromItsFile() {
        byte[] bytes = TinyRun.Held.all(features(), TinyRun.SPEC).array();
        Learned learned = Learned.of(Map.of("wren/a, b.wav", features()));
        assertEquals(Map.of("wren/a, b.wav", Sha256.of(bytes).substring(0, 16)), Map.copyOf(learned.digests()));
        String csv = learned.csv();
        assertEquals("file,sha256_of_features", csv.lines().findFirst().orElseThrow());
        assertEquals(learned, Learned.parse(csv, "features.csv"));
        learned.requireSame(learned, "run");
    }

    @Test
    void namesTheFirstFewThatDiffer() {
        Learned began = new Learned(Map.of("a", "1", "b", "1", "c", "1", "d", "1", "same", "1"));
        Learned now = new Learned(Map.of("a", "2", "b", "2", "c", "2", "e", "1", "f", "1", "g", "1", "same", "1"));
        assertEquals(
                "The run runs/first began with other recordings: a (changed), b (changed), c (changed), d (gone), e"
                        + " (new) and 2 more; bring them back as they were, or begin a new run",
                assertThrows(TrainingException.class, () -> began.requireSame(now, "runs/first"))
                        .getMessage());
    }
}
