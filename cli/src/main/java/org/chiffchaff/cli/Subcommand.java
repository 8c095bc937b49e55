package org.chiffchaff.cli;

import java.util.concurrent.Callable;

/**
 * A word after {@code chiffchaff}: a picocli {@code @Command} class, listed in its module's {@code
 * META-INF/services/org.chiffchaff.cli.Subcommand}. Every one on the class path is constructed at every start, so a
 * constructor does nothing.
 *
 * <p>{@code --help}, {@code --version} and {@code --config} are added to it and to everything nested in it. It answers
 * with one of the exit codes of {@link Chiffchaff}; results go to {@code spec.commandLine().getOut()}, messages to
 * {@code getErr()}. A failure that is the user's to mend is an exception of ours, or a picocli {@code
 * ParameterException} for wrong usage: both become one line.
 */
public interface Subcommand extends Callable<Integer> {
    /** A group of subcommands does nothing by itself: its usage has been printed before this could be called. */
    @Override
    default Integer call() throws Exception {
        return Chiffchaff.WRONG_USAGE;
    }
}
