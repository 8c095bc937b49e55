package org.chiffchaff.data;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A regular expression whose first capture group is read out of file names and the folders they are in. */
record NamePattern(String purpose, Pattern pattern) {
    NamePattern {
        if (pattern.matcher("").groupCount() == 0) {
            throw new DataException("the " + purpose + " pattern '" + pattern + "' captures nothing; expected a pair of"
                    + " parentheses around the part of the file name that tells the " + purpose);
        }
    }

    /** What the name tells or, where it tells nothing, the path below the data set's root. */
    Optional<String> in(Recording recording) {
        return in(recording.name()).or(() -> in(recording.file()));
    }

    private Optional<String> in(String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find()
                ? Optional.ofNullable(matcher.group(1)).filter(found -> !found.isBlank())
                : Optional.empty();
    }
}
