package org.chiffchaff.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;

/** The order of labels and files: by Unicode code point, on every machine and in every locale. */
final class CodePoints {
    // UTF-8 keeps the order of code points; String.compareTo does not, beyond the basic plane.
    static final Comparator<String> ORDER =
            (first, second) -> Arrays.compareUnsigned(first.getBytes(UTF_8), second.getBytes(UTF_8));

    private CodePoints() {}
}
