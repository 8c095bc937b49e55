package org.chiffchaff.client;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.audio.AudioException;
import org.chiffchaff.audio.AudioFiles;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.Progress;
import org.chiffchaff.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chiffchaff identify}: recordings to a server, species to stdout, failures to stderr. */
@Command(
        name = "identify",
        description = "Asks a server which species recordings hold.",
        footer = {
            "",
            "table: what each recording holds as a whole, for reading.",
            "csv:   one line per detection, with the columns of BirdNET-Analyzer.",
            "json:  one object per recording and line, with ranking and detections.",
            "Exit code 1 where any recording failed; the others are answered all the same."
        })
public final class IdentifyCommand implements CachingSubcommand {
    @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Recordings, and folders to search for them.")
    private List<Path> places;

    @Option(names = "--server", defaultValue = "localhost:8080", paramLabel = "HOST:PORT", description = "Whom to ask.")
    private String server;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "How to print: ${COMPLETION-CANDIDATES}.")
    private OutputFormat format;

    @Option(
            names = "--top-k",
            paramLabel = "N",
            defaultValue = "3",
            description = "Species per window and recording, at most.")
    private int topK;

    @Option(
            names = "--min-confidence",
            paramLabel = "SCORE",
            defaultValue = "0.1",
            description = "Leaves out what is less sure, 0 to 1.")
    private float minimumConfidence;

    @Option(
            names = "--overlap",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Overlap of neighbouring windows, in seconds.")
    private double overlapSeconds;

    @Option(names = "--jobs", paramLabel = "N", defaultValue = "4", description = "Recordings in flight at once.")
    private int jobs;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "Seconds to wait for one recording's answer, a busy server included.")
    private long timeoutSeconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        check();
        List<String> failures = new ArrayList<>();
        List<Path> files = files(failures);
        try {
            if (!files.isEmpty()) {
                identify(files, failures);
            }
        } finally {
            report(failures);
        }
        return failures.isEmpty() ? Chiffchaff.OK : Chiffchaff.FAILED;
    }

    private void identify(List<Path> files, List<String> failures) throws InterruptedException {
        ResultWriter writer = format.writer(spec.commandLine().getOut(), minimumConfidence);
        var question = new IdentifyClient.Question(topK, minimumConfidence, overlapSeconds, timeoutSeconds);
        try (IdentifyClient client = new IdentifyClient(server, question);
                Progress progress = progress(files.size())) {
            writer.begin();
            new Batch(client, jobs).run(files, outcome -> {
                switch (outcome) {
                    case Outcome.Answered answered -> writer.write(answered.file(), answered.response());
                    case Outcome.Failed failed -> failures.add(failed.reason());
                }
                progress.step(1);
            });
        }
    }

    // Results on the terminal are progress enough, and a bar would run through them.
    private static Progress progress(int files) {
        return files > 1 && !Terminal.hasOutput() ? Progress.brief("Identifying", files) : Progress.silent();
    }

    private List<Path> files(List<String> failures) {
        List<Path> files = new ArrayList<>();
        for (Path place : places) {
            try {
                List<Path> found = AudioFiles.find(place);
                if (found.isEmpty()) {
                    failures.add(place + ": no recordings in this folder");
                }
                files.addAll(found);
            } catch (AudioException e) {
                failures.add(e.getMessage());
            }
        }
        return files;
    }

    private void report(List<String> failures) {
        if (!failures.isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(failures.size() + " failed:");
            failures.forEach(failure -> err.println("  " + failure));
        }
    }

    private void check() {
        require(server.matches(".+:\\d{1,5}"), "--server", server, "HOST:PORT");
        require(topK >= 1, "--top-k", topK, "at least 1");
        require(minimumConfidence >= 0 && minimumConfidence <= 1, "--min-confidence", minimumConfidence, "0 to 1");
        require(overlapSeconds >= 0, "--overlap", overlapSeconds, "at least 0");
        require(jobs >= 1, "--jobs", jobs, "at least 1");
        require(timeoutSeconds >= 1, "--timeout", timeoutSeconds, "at least 1");
    }

    private void require(boolean holds, String option, Object value, String expected) {
        if (!holds) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '" + option + "': " + value + "; expected " + expected);
        }
    }
}
