package org.chiffchaff.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = {
            "Prints what makes a shell complete the words of this command line.",
            "bash, and zsh by its bashcompinit:  source <(./chiffchaff completion)"
        })
public final class CompletionCommand implements Subcommand {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .println(AutoComplete.bash("chiffchaff", spec.root().commandLine()));
        return Chiffchaff.OK;
    }
}
