package org.chiffchaff.models;

import java.math.BigInteger;
import java.util.Comparator;

/** Orders versions part by part, numbers by value: 1.9.0 before 1.10.0, and 1.0-rc2 before 1.0. */
final class VersionOrder implements Comparator<String> {
    @Override
    public int compare(String left, String right) {
        String[] a = parts(left);
        String[] b = parts(right);
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            int order = compareParts(i < a.length ? a[i] : "0", i < b.length ? b[i] : "0");
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static String[] parts(String version) {
        return version.split("[._-]|(?<=\\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\\d)", -1);
    }

    // A word is before any number, and what is missing is a zero: 1.0-rc2 is before 1.0.
    private static int compareParts(String a, String b) {
        boolean aIsNumber = a.matches("\\d+");
        boolean bIsNumber = b.matches("\\d+");
        if (aIsNumber && bIsNumber) {
            return new BigInteger(a).compareTo(new BigInteger(b));
        }
        return aIsNumber == bIsNumber ? a.compareTo(b) : Boolean.compare(aIsNumber, bIsNumber);
    }
}
