package org.chiffchaff.training.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.chiffchaff.data.Seeds;
import org.chiffchaff.training.run.TinyRun;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void dependOnTheRunThePurposeAndTheMomentAndOnNothingElse() {
        Set<Long> seeds = new HashSet<>();
        for (int run = 0; run < 20; run++) {
            for (String purpose : new String[] {"shuffle", "dropout"}) {
                for (int moment = 0; moment < 100; moment++) {
                    assertEquals(Seeds.of(run, purpose, moment), Seeds.of(run, purpose, moment));
                    seeds.add(Seeds.of(run, purpose, moment));
                }
            }
        }
        assertEquals(4000, seeds.size());
    }

    @Test
    void neighboursShareNoPattern() {
        int changed = 0;
        for (int moment = 0; moment < 1000; moment++) {
            changed += Long.bitCount(Seeds.of(42, "dropout", moment) ^ Seeds.of(42, "dropout", moment + 1));
        }
        assertEquals(32, changed / 1000.0, 1);
    }

    @Test
    void anEpochsOrderIsAShuffleOfItsOwn() {
        Examples examples = TinyRun.examples(10, 1);
        assertEquals(examples.shuffled(42, 3), examples.shuffled(42, 3));
        assertEquals(
                3,
                new HashSet<>(Arrays.asList(
                                examples.shuffled(42, 3), examples.shuffled(42, 4), examples.shuffled(43, 3)))
                        .size());
        assertEquals(
                examples.inOrder(), examples.shuffled(42, 3).stream().sorted().toList());
    }
}
