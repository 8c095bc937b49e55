package org.chiffchaff.benchmarks;

import org.chiffchaff.cli.Subcommand;
import picocli.CommandLine.Command;

/**
 * {@code bench}: how well and how fast. Constructed at every start, so nothing of JMH is touched before it is asked
 * for.
 */
@Command(
        name = "bench",
        description = "Measures how well models learn and how fast everything is (see benchmarks/README.md).",
        subcommands = {AccuracyCommand.class, JmhCommand.class})
public final class BenchCommand implements Subcommand {}
