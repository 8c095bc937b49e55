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

    @Option(
            names = "--group-pattern",
            paramLabel = "REGEX",
            description = "Files whose names agree in its first group are cuts of one recording and stay together."
                    + " Default: every file is a recording, unless two have the same path within their species'"
                    + " folders but for the ending.")
    Pattern groupPattern;

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
            description = "Its first group in a file's name is the file's fold.")
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
            idle.add(
                    "beside --split, which says all of it",
                    "--group-pattern",
                    "--fold",
                    "--fold-pattern",
                    "--folds",
                    "--validation",
                    "--test");
        }
        if (fold == null) {
            idle.add("without --fold", "--folds", "--fold-pattern");
        } else {
            idle.add("beside --fold: the fold is the test part", "--test");
        }
        if (folds != 0) {
            idle.add("beside --folds, which makes folds of its own", "--fold-pattern");
        }
    }

    /** What was scanned, for those who scan it again: the pattern's text, empty for none. */
    String groups() {
        return groupPattern == null ? "" : groupPattern.pattern();
    }

    Path folder() {
        return data.folder(command);
    }

    Dataset dataset() {
        return scan(folder(), groups());
    }

    static Dataset scan(Path root, String groups) {
        return groups.isEmpty() ? Dataset.scan(root) : Dataset.scan(root, Pattern.compile(groups));
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
