package org.chiffchaff.models;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;

/** Orders versions part by part, numbers by value: 1.9.0 before 1.10.0, and 1.0-rc before 1.0.1. */
final class VersionOrder implements Comparator<String> {
    @Override
    public int compare(String left, String right) {
        String[] a = parts(left);
        String[] b = parts(right);
        return Arrays.compare(a, b, VersionOrder::compareParts);
    }

    private static String[] parts(String version) {
        return version.split("[._-]|(?<=\\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\\d)", -1);
    }

    // A word is before any number, as in 1.0-rc and 1.0.1.
    private static int compareParts(String a, String b) {
        boolean aIsNumber = a.matches("\\d+");
        boolean bIsNumber = b.matches("\\d+");
        if (aIsNumber && bIsNumber) {
            return new BigInteger(a).compareTo(new BigInteger(b));
        }
        return aIsNumber == bIsNumber ? a.compareTo(b) : Boolean.compare(aIsNumber, bIsNumber);
    }
}
