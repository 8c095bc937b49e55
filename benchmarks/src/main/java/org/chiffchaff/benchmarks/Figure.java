package org.chiffchaff.benchmarks;

import java.util.Locale;

/** What a run is judged by, on its test part and by recording. */
enum Figure {
    ACCURACY,
    MACRO_F1,
    TOP_5;

    /** Its name in {@code test.json}, in tables and as an option's value. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
