package org.chiffchaff.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.chiffchaff.audio.FolderEntries;

/**
 * A folder with one folder per species, which hold its recordings at any depth.
 *
 * @param root the folder
 * @param labels the species that have recordings, by Unicode code point; a label's place here is its class index
 * @param recordings by file, by Unicode code point
 * @param findings what else the scan came upon
 */
public record Dataset(Path root, List<String> labels, List<Recording> recordings, Findings findings) {
    /** Which folders are species. */
    public enum Layout {
        /** Those in the root; folders within them are the species' own affair, such as one per day. */
        FLAT,
        /** Every folder that recordings lie directly in, named after itself alone. */
        NESTED
    }

    public Dataset {
        labels = labels.stream().sorted(CodePoints.ORDER).toList();
        recordings = recordings.stream()
                .sorted(Comparator.comparing(Recording::file, CodePoints.ORDER))
                .toList();
    }

    /** As {@link #scan(Path, Layout)}, the species' folders in the root. */
    public static Dataset scan(Path root) {
        return scan(root, Layout.FLAT);
    }

    /**
     * Takes every file for a recording of its own, unless two have the same path within their species' folders but for
     * the ending, a recording in two formats or with two species in it, or the same content.
     *
     * <p>Names are in Unicode's normalisation form C here, however the disk spells them, so that a data set is the same
     * on every system.
     */
    public static Dataset scan(Path root, Layout layout) {
        Scan scan = new Scan(root, layout);
        FolderEntries entries = entries(root);
        if (entries.folders().isEmpty()) {
            throw new DataException("no species in " + root + ": found no folders in it; expected one folder per"
                    + " species, named after it, with its recordings inside");
        }
        scan.add(entries);
        return scan.dataset().grouped(each -> Optional.empty());
    }

    /**
     * The same recordings in other groups; those of which the grouping says nothing stay in theirs, and whatever it says,
     * those of equal content stay together.
     */
    public Dataset grouped(Grouping grouping) {
        List<Recording> regrouped = recordings.stream()
                .map(each -> new Recording(
                        each.file(), each.label(), grouping.groupOf(each).orElse(each.group())))
                .toList();
        return new Dataset(root, labels, EqualContents.joined(regrouped, findings.equalContents()), findings);
    }

    /** How many recordings the grouping says nothing of. */
    public long ungrouped(Grouping grouping) {
        return recordings.stream()
                .filter(each -> grouping.groupOf(each).isEmpty())
                .count();
    }

    /** A label's class index. */
    public int index(String label) {
        int index = Collections.binarySearch(labels, label, CodePoints.ORDER);
        if (index < 0) {
            throw new DataException("no species '" + label + "' in " + root + ", which has " + labels);
        }
        return index;
    }

    /** Where a recording lies. */
    public Path path(Recording recording) {
        return root.resolve(findings.spellings().getOrDefault(recording.file(), recording.file()));
    }

    private static FolderEntries entries(Path root) {
        if (!Files.isDirectory(root)) {
            throw new DataException("no data set at " + root + ": found " + (Files.exists(root) ? "a file" : "nothing")
                    + "; expected a folder with one folder per species");
        }
        try {
            return FolderEntries.of(root);
        } catch (IOException e) {
            throw new DataException("the data set " + root + " cannot be read: " + e, e);
        }
    }
}
