package org.chiffchaff.client;

import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.Species;

/** Prints answers, in the order in which it gets them. */
interface ResultWriter {
    /** Prints what stands above the first answer. */
    void begin();

    /** Prints the answer for one recording, or one of its channels. */
    void write(Asked asked, IdentifyResponse response);

    /** What people call a species: its common name where the labels have one. */
    static String commonName(Species species) {
        return species.getCommonName().isEmpty() ? species.getLabel() : species.getCommonName();
    }
}
