package org.chiffchaff.training.feed;

import java.util.Optional;
import org.chiffchaff.audio.Condition;

/** What becomes of recordings of which something is missing. */
public enum Damaged {
    /** Those of which enough is there are used. */
    USE,
    /** They are left out. */
    SKIP;

    private static final double LEAST_SHARE = 0.9;

    /** Why a recording in this condition is left out; empty where it is used. */
    Optional<String> refusal(Condition condition) {
        if (condition.isWhole()) {
            return Optional.empty();
        }
        String remarks = String.join("; ", condition.remarks());
        if (this == SKIP) {
            return Optional.of(remarks);
        }
        return condition.presentShare() < LEAST_SHARE
                ? Optional.of(remarks + "; at least 90 % of a recording are expected")
                : Optional.empty();
    }
}
