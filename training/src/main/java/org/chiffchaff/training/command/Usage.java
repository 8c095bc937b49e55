package org.chiffchaff.training.command;

import java.util.function.Supplier;
import org.chiffchaff.data.DataException;
import org.chiffchaff.models.ModelException;
import org.chiffchaff.training.TrainingException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What is wrong with the value of an option, whoever finds out, is wrong usage of the command. */
final class Usage {
    private Usage() {}

    /** What is made of options alone. */
    static <T> T checked(CommandSpec command, Supplier<T> made) {
        try {
            return made.get();
        } catch (TrainingException | ModelException | DataException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /** Whether an option stands on the command line or in a {@code --config} file, even with its default's value. */
    static boolean given(CommandSpec command, String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    static ParameterException wrong(CommandSpec command, String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
