package org.chiffchaff.data;

import java.util.Arrays;
import java.util.Locale;

/** What a recording is used for. */
public enum Part {
    TRAIN,
    VALIDATION,
    TEST;

    /** As in split files: train, validation, test. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Part named(String name) {
        return Arrays.stream(values())
                .filter(part -> part.toString().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new DataException("part '" + name + "'; expected one of " + Arrays.toString(values())));
    }
}
