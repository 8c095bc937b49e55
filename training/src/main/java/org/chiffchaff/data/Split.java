package org.chiffchaff.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which recordings train, validate and test. Made from a seed, the same on every machine: each species keeps to the
 * proportions, and a group is never in two parts. A species with a single group trains; with two, it trains and tests;
 * with three or more it is in every part. Where species share groups, every one trains, and the rest holds as far as it
 * can.
 *
 * @param entries by file, by Unicode code point
 */
public record Split(List<Entry> entries) {
    /** ESC's names, as in 5-9032-A.wav: the number before the first hyphen is the fold. */
    public static final Pattern ESC_FOLDS = Pattern.compile("^(\\d+)-");

    // A species with too few groups for every part goes without the last of these.
    private static final List<Part> BY_NEED = List.of(Part.TRAIN, Part.TEST, Part.VALIDATION);

    /** A recording and its part. */
    public record Entry(Recording recording, Part part) {}

    public Split {
        entries = entries.stream()
                .sorted(Comparator.comparing(entry -> entry.recording().file(), CodePoints.ORDER))
                .toList();
        SplitRules rules = new SplitRules();
        entries.forEach(rules::check);
    }

    /** Deals out the whole data set by proportions. */
    public static Split stratified(Dataset dataset, Proportions proportions, long seed) {
        return new Split(deal(dataset.recordings(), proportions, seed));
    }

    /**
     * Tests on one of the folds that a data set comes with.
     *
     * @param foldPattern its first capture group in a file's name or, where it finds nothing there, in its path below
     *     the data set's root is the file's fold
     * @param validation the fraction of the other folds to validate on: stratified, grouped; 0 for none
     */
    public static Split ofNamedFold(Dataset dataset, Pattern foldPattern, String fold, double validation, long seed) {
        NamePattern pattern = new NamePattern("fold", foldPattern);
        List<Recording> without = dataset.recordings().stream()
                .filter(recording -> pattern.in(recording).isEmpty())
                .toList();
        if (!without.isEmpty()) {
            throw new DataException(
                    without.size() + " of " + dataset.recordings().size() + " files tell no fold, '"
                            + without.getFirst().file() + "' for one; expected the fold pattern '" + foldPattern
                            + "' to match every file's name, or its path below " + dataset.root());
        }
        Function<Recording, String> foldOf = recording -> pattern.in(recording).orElseThrow();
        Set<String> folds = dataset.recordings().stream().map(foldOf).collect(Collectors.toCollection(TreeSet::new));
        if (!folds.contains(fold)) {
            throw new DataException("no fold " + fold + " in " + dataset.root() + "; its files name " + folds);
        }
        return testing(dataset, recording -> foldOf.apply(recording).equals(fold), validation, seed);
    }

    /**
     * Tests on one of several stratified, grouped folds made from the seed. Over all folds, every recording is tested
     * once; a species with as many groups as folds or more is in every fold.
     *
     * @param fold 1 to folds
     * @param validation the fraction of the other folds to validate on: stratified, grouped; 0 for none
     */
    public static Split ofFold(Dataset dataset, int folds, int fold, double validation, long seed) {
        if (folds < 2 || fold < 1 || fold > folds) {
            throw new DataException(
                    "fold " + fold + " of " + folds + "; expected 2 folds or more, and one of 1 to folds");
        }
        List<Stratifier.Share> shares = Collections.nCopies(folds, new Stratifier.Share(1.0 / folds, 0));
        Map<String, Integer> foldOf = Stratifier.assign(dataset.recordings(), shares, seed);
        return testing(dataset, recording -> foldOf.get(recording.group()) == fold - 1, validation, seed);
    }

    /** Reads what {@link #write} wrote, perhaps edited since. Recordings that the file leaves out are in no part. */
    public static Split read(Path file, Dataset dataset) {
        return SplitFile.read(file, dataset);
    }

    /** Writes a CSV file, the same bytes for the same split. */
    public void write(Path file) {
        SplitFile.write(file, this);
    }

    public List<Recording> part(Part part) {
        return entries.stream()
                .filter(entry -> entry.part() == part)
                .map(Entry::recording)
                .toList();
    }

    /** The data set's recordings that are in no part. */
    public List<Recording> leftOut(Dataset dataset) {
        Set<String> listed =
                entries.stream().map(entry -> entry.recording().file()).collect(Collectors.toSet());
        return dataset.recordings().stream()
                .filter(recording -> !listed.contains(recording.file()))
                .toList();
    }

    /** The labels that a part has no recording of. */
    public List<String> missing(Part part, Dataset dataset) {
        Set<String> present = new HashSet<>();
        part(part).forEach(recording -> present.add(recording.label()));
        return dataset.labels().stream()
                .filter(label -> !present.contains(label))
                .toList();
    }

    /** The data set's equal contents of which this split has recordings in more than one part. */
    public List<EqualContent> parted(Dataset dataset) {
        Map<String, Part> parts = entries.stream()
                .collect(Collectors.toMap(entry -> entry.recording().file(), Entry::part));
        return dataset.findings().equalContents().stream()
                .filter(content -> content.recordings().stream()
                                .map(recording -> parts.get(recording.file()))
                                .filter(Objects::nonNull)
                                .distinct()
                                .count()
                        > 1)
                .toList();
    }

    private static Split testing(Dataset dataset, Predicate<Recording> tested, double validation, long seed) {
        Map<Boolean, List<Recording>> sides = dataset.recordings().stream().collect(Collectors.partitioningBy(tested));
        List<Entry> entries = new ArrayList<>(deal(sides.get(false), Proportions.withoutTest(validation), seed));
        sides.get(true).forEach(recording -> entries.add(new Entry(recording, Part.TEST)));
        return new Split(entries);
    }

    private static List<Entry> deal(List<Recording> recordings, Proportions proportions, long seed) {
        List<Stratifier.Share> shares = IntStream.range(0, BY_NEED.size())
                .mapToObj(rank -> new Stratifier.Share(proportions.of(BY_NEED.get(rank)), rank))
                .toList();
        Map<String, Integer> parts = Stratifier.assign(recordings, shares, seed);
        return recordings.stream()
                .map(recording -> new Entry(recording, BY_NEED.get(parts.get(recording.group()))))
                .toList();
    }
}
