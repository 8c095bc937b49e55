package org.chiffchaff.training.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The options that do nothing beside what else was chosen. Whoever gives one, on the command line or in a
 * {@code --config} file, expects something of it and is told; its default is no part of what the command did.
 */
final class IdleOptions {
    private final CommandSpec command;
    private final Map<String, String> reasons = new LinkedHashMap<>();

    IdleOptions(CommandSpec command) {
        this.command = command;
    }

    /** @param reason goes on after "does nothing", such as "beside --split" */
    void add(String reason, String... options) {
        List.of(options).forEach(option -> reasons.putIfAbsent(option, reason));
    }

    /** @throws picocli.CommandLine.ParameterException that names the first of them that was given */
    void refuse() {
        reasons.forEach((option, reason) -> {
            if (Usage.given(command, option)) {
                throw Usage.wrong(command, option + " does nothing " + reason);
            }
        });
    }

    Set<String> names() {
        return Set.copyOf(reasons.keySet());
    }
}
