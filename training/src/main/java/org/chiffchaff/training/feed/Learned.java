package org.chiffchaff.training.feed;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chiffchaff.models.Csv;
import org.chiffchaff.training.TrainingException;

/**
 * What a run works on, by recording: a digest of the very features that are fed, and so of the recording, the decoder,
 * the windows and the front-end at once, whichever of them may change.
 *
 * @param digests by the recording's file
 */
public record Learned(Map<String, String> digests) {
    private static final int NAMED = 5;
    private static final int DIGITS = 16;

    public Learned {
        digests = new TreeMap<>(digests);
    }

    /** @param recordings by their files */
    public static Learned of(Map<String, Features> recordings) {
        Map<String, String> digests = new TreeMap<>();
        recordings.forEach((file, features) -> digests.put(file, digest(features)));
        return new Learned(digests);
    }

    private static String digest(Features features) {
        MessageDigest digest = sha256();
        ByteBuffer window = ByteBuffer.allocate(features.windowBytes());
        for (int i = 0; i < features.windows(); i++) {
            features.read(i, window.clear());
            digest.update(window.flip());
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    public static Learned parse(String csv, String place) {
        Map<String, String> digests = new TreeMap<>();
        Csv.read(csv, place).stream()
                .skip(1)
                .forEach(row -> digests.put(row.fields().get(0), row.fields().get(1)));
        return new Learned(digests);
    }

    public String csv() {
        StringBuilder csv = new StringBuilder(Csv.line(List.of("file", "sha256_of_features")));
        digests.forEach((file, digest) -> csv.append(Csv.line(List.of(file, digest))));
        return csv.toString();
    }

    /**
     * Refuses to go on with anything else.
     *
     * @param run the run's folder, as it is called
     * @throws TrainingException where this is not what the run began with
     */
    public void requireSame(Learned now, String run) {
        List<String> differences = new ArrayList<>();
        TreeSet<String> files = new TreeSet<>(digests.keySet());
        files.addAll(now.digests.keySet());
        for (String file : files) {
            if (!now.digests.containsKey(file)) {
                differences.add(file + " (gone)");
            } else if (!digests.containsKey(file)) {
                differences.add(file + " (new)");
            } else if (!digests.get(file).equals(now.digests.get(file))) {
                differences.add(file + " (changed)");
            }
        }
        if (!differences.isEmpty()) {
            throw new TrainingException("The run " + run + " began with other recordings: "
                    + Listing.of(differences, NAMED)
                    + "; bring them back as they were, or begin a new run");
        }
    }
}
