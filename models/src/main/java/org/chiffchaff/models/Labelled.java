package org.chiffchaff.models;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A member of a closed family that options and files call by a name. */
public interface Labelled {
    String label();

    /**
     * The member of that name.
     *
     * @param kind what the family's members are, for the message
     * @throws ModelException where there is none
     */
    static <E extends Enum<E> & Labelled> E find(Class<E> family, String kind, String label) {
        return Arrays.stream(family.getEnumConstants())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new ModelException("No " + kind + " '" + label + "'; there is "
                        + Arrays.stream(family.getEnumConstants())
                                .map(Labelled::label)
                                .collect(Collectors.joining(", "))));
    }
}
