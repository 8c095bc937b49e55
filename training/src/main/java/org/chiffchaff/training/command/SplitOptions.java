package org.chiffchaff.training.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.EqualContent;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Proportions;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Split;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.feed.Listing;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a data set is scanned and dealt out; shared by the commands that do. */
final class SplitOptions {
    private static final double NOTABLE = 0.05;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private DataOption data;

    @Mixin
    private GroupOptions groups;

    @Option(
            names = "--split",
            paramLabel = "FILE",
            description = "A split written earlier (file,label,group,part), instead of a new one.")
    Path split;

    @Option(names = "--fold", paramLabel = "N", description = "Test on this fold, train and validate on the others.")
    String fold;

    @Option(
            names = "--fold-pattern",
            paramLabel = "REGEX",
            defaultValue = "^(\\d+)-",
            description =
                    "What its first group finds in a file's name or, where it finds nothing there, in its path below"
                            + " the data folder is the file's fold.")
    Pattern foldPattern;

    @Option(
            names = "--folds",
            paramLabel = "K",
            defaultValue = "0",
            description = "For data without folds: make K of them, stratified and grouped, for --fold to choose from.")
    int folds;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0.15",
            description = "Share of the recordings to validate on; 0 for none, and no early stop. A species comes first"
                    + " in every part: of three recordings (or groups of them) one trains, one validates and one tests,"
                    + " whatever the shares; they are kept to from about seven.")
    double validation;

    @Option(
            names = "--test",
            paramLabel = "SHARE",
            defaultValue = "0.15",
            description = "Share of the recordings to test on, where there is no fold; see --validation.")
    double test;

    /** Adds those that do nothing beside what else was chosen. */
    void addIdle(IdleOptions idle) {
        if (split != null) {
            String reason = "beside --split, which says all of it";
            idle.add(reason, GroupOptions.NAMES);
            idle.add(reason, "--fold", "--fold-pattern", "--folds", "--validation", "--test");
        }
        groups.addIdle(idle);
        if (fold == null) {
            idle.add("without --fold", "--folds", "--fold-pattern");
        } else {
            idle.add("beside --fold: the fold is the test part", "--test");
        }
        if (folds != 0) {
            idle.add("beside --folds, which makes folds of its own", "--fold-pattern");
        }
    }

    /** Whether a new split leaves anything to chance. */
    boolean drawsLots() {
        return validation > 0 || (fold == null ? test > 0 : folds > 0);
    }

    Path folder() {
        return data.folder(command);
    }

    /** The recordings in the groups that were asked for, which is told on stderr. */
    Dataset dataset() {
        return groups.grouped(Dataset.scan(folder(), layout()), command);
    }

    Dataset.Layout layout() {
        return data.layout();
    }

    Split split(Dataset dataset, long seed) {
        return split == null ? Usage.checked(command, () -> deal(dataset, seed)) : Split.read(split, dataset);
    }

    private Split deal(Dataset dataset, long seed) {
        if (fold == null) {
            return Split.stratified(dataset, new Proportions(1 - validation - test, validation, test), seed);
        }
        return folds == 0
                ? Split.ofNamedFold(dataset, foldPattern, fold, validation, seed)
                : Split.ofFold(dataset, folds, number(fold), validation, seed);
    }

    /** Says on stderr what one might not expect of a split. */
    void tell(Dataset dataset, Split dealt) {
        PrintWriter err = command.commandLine().getErr();
        if (split == null) {
            tellShares(dealt, err);
        }
        int leftOut = dealt.leftOut(dataset).size();
        if (leftOut > 0) {
            err.printf("%d recordings are in no part of the split%n", leftOut);
        }
        List<EqualContent> parted = dealt.parted(dataset);
        if (!parted.isEmpty()) {
            err.printf(
                    "warning: the split parts %d contents that recordings share, the first that of %s%n",
                    parted.size(),
                    parted.getFirst().recordings().stream().map(Recording::file).collect(Collectors.joining(" = ")));
        }
        for (Part part : Part.values()) {
            List<String> missing = dealt.missing(part, dataset);
            if (!missing.isEmpty() && !dealt.part(part).isEmpty()) {
                err.printf(
                        "%d of %d species have no recording in the %s part: %s%n",
                        missing.size(), dataset.labels().size(), part, Listing.of(missing));
            }
        }
    }

    private void tellShares(Split dealt, PrintWriter err) {
        double all = dealt.entries().size();
        double testing = dealt.part(Part.TEST).size() / all;
        double asked = fold == null ? validation : validation * (1 - testing);
        double training = dealt.part(Part.TRAIN).size() / all;
        double askedToTrain = 1 - asked - (fold == null ? test : testing);
        if (Math.abs(training - askedToTrain) > NOTABLE) {
            err.printf(
                    "%.0f %% of the recordings are to train on, not the %.0f %% asked for: a species is in every part"
                            + " first, and many have few recordings or few groups of them%n",
                    100 * training, 100 * askedToTrain);
        }
    }

    private static int number(String fold) {
        try {
            return Integer.parseInt(fold);
        } catch (NumberFormatException e) {
            throw new TrainingException("--fold is '" + fold + "'; with --folds it is a number from 1", e);
        }
    }
}
