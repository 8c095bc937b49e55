package org.chiffchaff.client;

import java.nio.file.Path;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.Species;

/** Prints answers, in the order in which it gets them. */
interface ResultWriter {
    /** Prints what stands above the first answer. */
    void begin();

    /** Prints one recording's answer. */
    void write(Path file, IdentifyResponse response);

    /** What people call a species: its common name where the labels have one. */
    static String commonName(Species species) {
        return species.getCommonName().isEmpty() ? species.getLabel() : species.getCommonName();
    }
}
