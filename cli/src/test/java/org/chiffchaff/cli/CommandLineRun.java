package org.chiffchaff.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What one command line, run in this process, printed and how it ended. */
public record CommandLineRun(int code, String out, String err) {
    public static CommandLineRun of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Chiffchaff.run(new PrintWriter(out), new PrintWriter(err), args);
        return new CommandLineRun(code, out.toString(), err.toString());
    }
}
