package org.chiffchaff.training;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Proportions;
import org.chiffchaff.data.Split;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a data set is scanned and dealt out; shared by the commands that do. */
final class SplitOptions {
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
            description = "Share of the recordings to validate on; 0 for none, and no early stop.")
    double validation;

    @Option(
            names = "--test",
            paramLabel = "SHARE",
            defaultValue = "0.15",
            description = "Share of the recordings to test on, where there is no fold.")
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

    Path folder() {
        return data.folder(command);
    }

    /** The recordings in the groups that were asked for, which is told on stderr. */
    Dataset dataset() {
        return groups.grouped(Dataset.scan(folder()), command);
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

    private static int number(String fold) {
        try {
            return Integer.parseInt(fold);
        } catch (NumberFormatException e) {
            throw new TrainingException("--fold is '" + fold + "'; with --folds it is a number from 1", e);
        }
    }
}
