package org.chiffchaff.models;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One class of a model.
 *
 * @param label the class as the training data names it
 * @param scientificName empty where unknown
 * @param commonName empty where unknown
 */
public record Species(String label, String scientificName, String commonName) {
    // BirdNET's form: "Turdus merula_Common Blackbird".
    private static final Pattern BOTH_NAMES = Pattern.compile("(\\p{Lu}\\p{L}+(?: [\\p{L}.-]+)+)_(.+)");
    // "Turdus_merula", "Turdus merula", "Motacilla_alba_yarrellii".
    private static final Pattern SCIENTIFIC = Pattern.compile("\\p{Lu}\\p{Ll}+(?:[ _]\\p{Ll}[\\p{Ll}-]+){1,2}");

    public Species {
        if (label.isBlank()) {
            throw new ModelException("A species needs a label; found a blank one");
        }
        Objects.requireNonNull(scientificName, "scientificName");
        Objects.requireNonNull(commonName, "commonName");
    }

    /** The species a folder of training recordings stands for, with the names its name gives away. */
    public static Species ofFolder(String folder) {
        Matcher both = BOTH_NAMES.matcher(folder);
        if (both.matches()) {
            return new Species(folder, both.group(1), both.group(2));
        }
        boolean scientific = SCIENTIFIC.matcher(folder).matches();
        return new Species(folder, scientific ? folder.replace('_', ' ') : "", "");
    }
}
