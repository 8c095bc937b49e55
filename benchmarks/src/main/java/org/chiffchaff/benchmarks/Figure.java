package org.chiffchaff.benchmarks;

import java.util.List;
import java.util.Locale;

/** What a run is judged by, on its test part and by recording. */
enum Figure {
    ACCURACY,
    MACRO_F1,
    TOP_5,
    /** How many recordings {@link Unseen} leaves. */
    UNSEEN,
    UNSEEN_ACCURACY,
    UNSEEN_MACRO_F1,
    UNSEEN_TOP_5;

    /** Those of the whole test part, which every run has; the last only where there are more than five species. */
    static final List<Figure> OF_ALL = List.of(ACCURACY, MACRO_F1, TOP_5);

    /** Its name in {@code test.json}, in tables and as an option's value. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
