package org.chiffchaff.data;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A regular expression whose first capture group is read out of file names. */
record NamePattern(String purpose, Pattern pattern) {
    NamePattern {
        if (pattern.matcher("").groupCount() == 0) {
            throw new DataException("the " + purpose + " pattern '" + pattern + "' captures nothing; expected a pair of"
                    + " parentheses around the part of the file name that tells the " + purpose);
        }
    }

    String in(String name) {
        Matcher matcher = pattern.matcher(name);
        if (!matcher.find() || matcher.group(1) == null || matcher.group(1).isEmpty()) {
            throw new DataException("the file name '" + name + "' tells no " + purpose
                    + "; expected every name to match" + " the pattern '" + pattern + "'");
        }
        return matcher.group(1);
    }
}
