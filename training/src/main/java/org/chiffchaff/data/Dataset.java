package org.chiffchaff.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.chiffchaff.audio.AudioFiles;

/**
 * A folder with one folder per species, which hold its recordings at any depth.
 *
 * @param root the folder
 * @param labels the species that have recordings, by Unicode code point; a label's place here is its class index
 * @param recordings by file, by Unicode code point
 * @param emptyFolders folders that look like species but hold no recording; they are no labels
 */
public record Dataset(Path root, List<String> labels, List<Recording> recordings, List<String> emptyFolders) {
    public Dataset {
        labels = labels.stream().sorted(CodePoints.ORDER).toList();
        recordings = recordings.stream()
                .sorted(Comparator.comparing(Recording::file, CodePoints.ORDER))
                .toList();
        emptyFolders = emptyFolders.stream().sorted(CodePoints.ORDER).toList();
    }

    /**
     * Takes every file for a recording of its own, unless two have the same path within their species' folders but for
     * the ending: a recording in two formats, or with two species in it.
     */
    public static Dataset scan(Path root) {
        List<String> labels = new ArrayList<>();
        List<String> emptyFolders = new ArrayList<>();
        List<Recording> recordings = new ArrayList<>();
        for (Path folder : speciesFolders(root)) {
            String label = folder.getFileName().toString();
            List<Path> files = AudioFiles.find(folder);
            (files.isEmpty() ? emptyFolders : labels).add(label);
            for (Path file : files) {
                String group = withoutEnding(slashed(folder.relativize(file)));
                recordings.add(new Recording(slashed(root.relativize(file)), label, group));
            }
        }
        if (recordings.isEmpty()) {
            throw new DataException("no recordings in " + root + ": found " + emptyFolders.size()
                    + " folders without one; expected one folder per species with audio files in it");
        }
        return new Dataset(root, labels, recordings, emptyFolders);
    }

    /** The same recordings in other groups; those of which the grouping says nothing stay in theirs. */
    public Dataset grouped(Grouping grouping) {
        return new Dataset(
                root,
                labels,
                recordings.stream()
                        .map(each -> new Recording(
                                each.file(),
                                each.label(),
                                grouping.groupOf(each).orElse(each.group())))
                        .toList(),
                emptyFolders);
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
        return root.resolve(recording.file());
    }

    private static List<Path> speciesFolders(Path root) {
        if (!Files.isDirectory(root)) {
            throw new DataException("no data set at " + root + ": found " + (Files.exists(root) ? "a file" : "nothing")
                    + "; expected a folder with one folder per species");
        }
        try (Stream<Path> entries = Files.list(root)) {
            List<Path> folders = entries.filter(entry -> Files.isDirectory(entry) && !hidden(entry))
                    .sorted()
                    .toList();
            if (folders.isEmpty()) {
                throw new DataException("no species in " + root + ": found no folders in it; expected one folder per"
                        + " species, named after it, with its recordings inside");
            }
            return folders;
        } catch (IOException e) {
            throw new DataException("the data set " + root + " cannot be read: " + e, e);
        }
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static String slashed(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    // Every recording has an ending: it was found by it.
    private static String withoutEnding(String file) {
        return file.substring(0, file.lastIndexOf('.'));
    }
}
