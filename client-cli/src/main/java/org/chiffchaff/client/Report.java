package org.chiffchaff.client;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.v1.Warning;

/** What is told at the end: what failed, what is to be doubted, what was not asked. */
final class Report {
    private final List<String> failures = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private List<Asked> rest = List.of();
    private int asked;
    private int written;

    void failed(String reason) {
        failures.add(reason);
    }

    void asking(List<Asked> all) {
        rest = all;
        asked = all.size();
    }

    /** The next of them has been asked. */
    void told(Outcome outcome) {
        rest = rest.subList(1, rest.size());
        switch (outcome) {
            case Outcome.Answered answered -> {
                written++;
                for (Warning warning : answered.response().getWarningsList()) {
                    warnings.add(answered.asked() + ": " + warning.getText());
                }
            }
            case Outcome.Failed failed -> failures.add(failed.reason());
        }
    }

    /** Whether nothing is left to ask. */
    boolean complete() {
        return rest.isEmpty();
    }

    boolean flawless() {
        return failures.isEmpty() && complete();
    }

    void print(PrintWriter err) {
        list(err, warnings.size() + (warnings.size() == 1 ? " warning:" : " warnings:"), warnings);
        list(err, failures.size() + " failed:", failures);
        list(
                err,
                written + " of " + asked + " recordings are written; not asked or not answered are " + rest.size()
                        + ":",
                rest);
    }

    private static void list(PrintWriter err, String title, List<?> lines) {
        if (!lines.isEmpty()) {
            err.println(title);
            lines.forEach(line -> err.println("  " + line));
        }
    }
}
