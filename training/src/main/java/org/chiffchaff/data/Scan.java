package org.chiffchaff.data;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.chiffchaff.audio.AudioFiles;
import org.chiffchaff.audio.FolderEntries;
import org.chiffchaff.audio.FoundFiles;
import org.chiffchaff.audio.LeftOut;

/** A data set in the making. */
final class Scan {
    private final Path root;
    private final Dataset.Layout layout;
    private final List<Recording> recordings = new ArrayList<>();
    private final Map<String, Path> paths = new HashMap<>(); // by file
    private final Map<String, Path> folders = new HashMap<>(); // of species, by what their names have in common
    private final List<LeftOut> leftOut = new ArrayList<>();
    private int deeper;

    Scan(Path root, Dataset.Layout layout) {
        this.root = root;
        this.layout = layout;
    }

    /** @param entries the root's */
    void add(FolderEntries entries) {
        leftOut.addAll(entries.leftOut());
        entries.files()
                .forEach(file -> leftOut.add(
                        new LeftOut(file, LeftOut.Kind.OUTSIDE, "lies in no species' folder, but beside them")));
        entries.folders().forEach(this::addFolder);
    }

    private void addFolder(Path folder) {
        FoundFiles found = AudioFiles.searchWithin(root, folder);
        leftOut.addAll(found.leftOut());
        boolean named = found.leftOut().stream().anyMatch(each -> each.path().equals(folder));
        if (found.recordings().isEmpty() && !named) {
            leftOut.add(new LeftOut(folder, LeftOut.Kind.EMPTY_FOLDER, "a folder without a recording"));
        }
        for (Path file : found.recordings()) {
            addRecording(layout == Dataset.Layout.NESTED ? file.getParent() : folder, file);
        }
    }

    private void addRecording(Path speciesFolder, Path path) {
        String label = composed(speciesFolder.getFileName().toString());
        requireOne("folders", "name one species", folders.putIfAbsent(caseless(label), speciesFolder), speciesFolder);
        String file = composed(slashed(root.relativize(path)));
        requireOne("files", "have one name", paths.putIfAbsent(file, path), path);
        String within = composed(slashed(speciesFolder.relativize(path)));
        recordings.add(new Recording(file, label, withoutEnding(within)));
        deeper += within.indexOf('/') < 0 ? 0 : 1;
    }

    // Two that look alike would be two species, and a split could mean either of two files.
    private static void requireOne(String what, String share, Path known, Path found) {
        if (known != null && !known.equals(found)) {
            String forms = what.equals("folders") ? ", but for case and Unicode's forms" : ", but for Unicode's forms";
            throw new DataException("the " + what + " " + known + " and " + found + " " + share
                    + (known.getFileName().equals(found.getFileName()) ? "" : forms)
                    + "; expected one of them, or names that differ in more");
        }
    }

    Dataset dataset() {
        if (recordings.isEmpty()) {
            long empty = leftOut.stream()
                    .filter(each -> each.kind() == LeftOut.Kind.EMPTY_FOLDER)
                    .count();
            throw new DataException("no recordings in " + root + ": found " + empty
                    + " folders without one; expected one folder per species with audio files in it");
        }
        TreeSet<String> labels = new TreeSet<>(CodePoints.ORDER);
        recordings.forEach(each -> labels.add(each.label()));
        Map<String, String> spellings = new HashMap<>();
        paths.forEach((file, path) -> {
            String spelled = slashed(root.relativize(path));
            if (!spelled.equals(file)) {
                spellings.put(file, spelled);
            }
        });
        leftOut.sort(Comparator.comparing(LeftOut::path));
        Findings findings = new Findings(leftOut, EqualContents.among(recordings, paths), deeper, spellings);
        return new Dataset(root, List.copyOf(labels), recordings, findings);
    }

    static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private static String caseless(String label) {
        return label.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static String slashed(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private static String withoutEnding(String file) {
        int dot = file.lastIndexOf('.');
        return dot > file.lastIndexOf('/') + 1 ? file.substring(0, dot) : file;
    }
}
