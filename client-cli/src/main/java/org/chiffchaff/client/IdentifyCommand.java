package org.chiffchaff.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.audio.AudioException;
import org.chiffchaff.audio.AudioFiles;
import org.chiffchaff.audio.AudioHeader;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.audio.ChannelChoice;
import org.chiffchaff.audio.FoundFiles;
import org.chiffchaff.audio.LeftOut;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.Interruption;
import org.chiffchaff.cli.Progress;
import org.chiffchaff.cli.Spelling;
import org.chiffchaff.cli.Terminal;
import org.chiffchaff.v1.Model;
import org.chiffchaff.v1.Species;
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
            "csv:   one line per detection, with BirdNET-Analyzer's columns, then warnings and channel.",
            "json:  one object per recording and line, with ranking and detections.",
            "What is wrong with a recording, such as a missing end, stands in all three and is listed at the end;",
            "csv has a line without times and species for it where nothing is detected.",
            "Exit code 1 where any recording failed; the others are answered all the same.",
            "Ctrl-C tells what is written and what is not, with exit code 130 where anything is not."
        })
public final class IdentifyCommand implements CachingSubcommand {
    private static final double LEAST_STEP_SECONDS = 0.1;

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
            description = "Seconds to wait for one recording's answer, from a server that is busy or restarts, too.")
    private long timeoutSeconds;

    @Option(
            names = "--ignore",
            paramLabel = "SPECIES",
            description =
                    "A species to leave out, by its label, scientific or common name; may be given several times.")
    private List<String> ignored = List.of();

    @Option(
            names = "--channel",
            paramLabel = "CHANNEL",
            defaultValue = "mix",
            description =
                    "Which channel to hear: mix, their mean, or the louder of two that would cancel each other; left,"
                            + " right or a number; each sends a recording once for every channel, and answers them apart.")
    private String channel;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        check();
        ChannelChoice channels = channels();
        Report report = new Report();
        List<Asked> all = all(files(report), channels, report);
        boolean interrupted = false;
        try {
            if (!all.isEmpty()) {
                interrupted = identify(all, report);
            }
        } finally {
            report.print(spec.commandLine().getErr());
        }
        if (interrupted) {
            return Chiffchaff.INTERRUPTED;
        }
        return report.flawless() ? Chiffchaff.OK : Chiffchaff.FAILED;
    }

    // Whether it was interrupted before the last answer.
    private boolean identify(List<Asked> all, Report report) throws InterruptedException {
        ResultWriter writer = format.writer(spec.commandLine().getOut(), minimumConfidence);
        var question = new IdentifyClient.Question(topK, minimumConfidence, overlapSeconds, timeoutSeconds);
        try (Interruption interruption = Interruption.watch();
                IdentifyClient client = new IdentifyClient(server, question)) {
            checkOverlap(client.model());
            List<String> labels =
                    ignored.stream().map(each -> label(client.model(), each)).toList();
            writer.begin();
            report.asking(all);
            try (Progress progress = progress(all.size())) {
                new Batch(client, jobs, labels).run(all, interruption::requested, outcome -> {
                    if (outcome instanceof Outcome.Answered answered) {
                        writer.write(answered.asked(), answered.response());
                    }
                    report.told(outcome);
                    progress.step(1);
                });
            }
            return interruption.requested() && !report.complete();
        }
    }

    // As the contract has it; each recording would be refused for it.
    private void checkOverlap(Model model) {
        double most = model.getWindowSeconds() - LEAST_STEP_SECONDS;
        require(
                overlapSeconds <= most,
                "--overlap",
                overlapSeconds,
                "at most " + most + ", as the model's windows have " + model.getWindowSeconds() + " s and move on by "
                        + LEAST_STEP_SECONDS + " s or more");
    }

    private String label(Model model, String name) {
        List<String> names = new ArrayList<>();
        for (Species species : model.getSpeciesList()) {
            List<String> itsNames = List.of(species.getLabel(), species.getScientificName(), species.getCommonName());
            if (itsNames.stream().anyMatch(name::equalsIgnoreCase)) {
                return species.getLabel();
            }
            itsNames.stream().filter(each -> !each.isEmpty()).forEach(names::add);
        }
        throw new ParameterException(
                spec.commandLine(),
                "Invalid value for option '--ignore': " + name + "; " + model.getName() + " knows no such species"
                        + Spelling.closest(name, names));
    }

    // Results on the terminal are progress enough, and a bar would run through them.
    private static Progress progress(int files) {
        return files > 1 && !Terminal.hasOutput() ? Progress.brief("Identifying", files) : Progress.silent();
    }

    private List<Path> files(Report report) {
        List<Path> files = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (Path place : places) {
            try {
                FoundFiles found = AudioFiles.search(place);
                files.addAll(found.recordings());
                leftOut.addAll(found.leftOut());
                if (found.recordings().isEmpty()) {
                    report.failed(place + ": " + reasonOfNone(place, found));
                }
            } catch (AudioException e) {
                report.failed(e.getMessage());
            }
        }
        LeftOut.report(leftOut).forEach(spec.commandLine().getErr()::println);
        return files;
    }

    private static List<Asked> all(List<Path> files, ChannelChoice channels, Report report) {
        List<Asked> all = new ArrayList<>();
        for (Path file : files) {
            try {
                channelsOf(file, channels).forEach(channel -> all.add(new Asked(file, channel)));
            } catch (AudioException e) {
                report.failed(e.getMessage());
            }
        }
        return all;
    }

    // How many there are is asked only where it matters: each costs a look into the file.
    private static List<Channel> channelsOf(Path file, ChannelChoice channels) {
        return channels.only()
                .map(List::of)
                .orElseGet(
                        () -> channels.of(AudioHeader.of(AudioSource.of(file)).channels()));
    }

    private ChannelChoice channels() {
        try {
            return ChannelChoice.parse(channel);
        } catch (IllegalArgumentException none) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--channel': " + none.getMessage(), none);
        }
    }

    private static String reasonOfNone(Path place, FoundFiles found) {
        return found.leftOut().stream()
                .filter(each -> each.path().equals(place))
                .map(LeftOut::reason)
                .findFirst()
                .orElse("no recordings in this folder");
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
