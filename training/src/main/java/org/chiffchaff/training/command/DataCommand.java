package org.chiffchaff.training.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chiffchaff.audio.ChannelChoice;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.Confirmation;
import org.chiffchaff.cli.Progress;
import org.chiffchaff.cli.Subcommand;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Split;
import org.chiffchaff.data.SyntheticCorpus;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.feed.FeatureCache;
import org.chiffchaff.training.feed.ScanReport;
import org.chiffchaff.training.feed.SoundSurvey;
import org.chiffchaff.training.feed.TrainingData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is done with recordings before training. */
@Command(
        name = "data",
        description = "Makes, inspects and splits data sets, and computes their features.",
        subcommands = {
            DataCommand.Synth.class,
            DataCommand.Inspect.class,
            DataCommand.Deal.class,
            DataCommand.Cache.class
        })
public final class DataCommand implements Subcommand {

    /** {@code data synth}. */
    @Command(name = "synth", description = "Makes a corpus of invented songs, one folder per invented species.")
    static final class Synth implements Subcommand {
        @Spec
        private CommandSpec spec;

        @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where it goes.")
        private Path out;

        @Option(names = "--species", paramLabel = "N", defaultValue = "12", description = "Invented species.")
        private int species;

        @Option(
                names = "--recordings",
                paramLabel = "N",
                defaultValue = "12",
                description = "Recordings of the commonest species.")
        private int recordings;

        @Option(
                names = "--imbalance",
                paramLabel = "RATIO",
                defaultValue = "1",
                description = "How many times rarer the rarest species is.")
        private double imbalance;

        @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Seed of all that is random.")
        private long seed;

        @Override
        public Integer call() {
            SyntheticCorpus corpus =
                    Usage.checked(spec, () -> new SyntheticCorpus(species, recordings, imbalance, seed));
            int total = corpus.counts().stream().mapToInt(Integer::intValue).sum();
            try (Progress progress = Progress.start("recordings", total)) {
                corpus.write(out, written -> progress.step(1));
            }
            spec.commandLine().getOut().printf("%d recordings of %d species in %s%n", total, species, out);
            return Chiffchaff.OK;
        }
    }

    /** {@code data inspect}. */
    @Command(
            name = "inspect",
            description = "Counts the recordings of each species, tells their sample rates, and warns of sound that a"
                    + " model cannot hear.")
    static final class Inspect implements CachingSubcommand {
        @Spec
        private CommandSpec spec;

        @Mixin
        private DataOption data;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            Dataset dataset = Dataset.scan(data.folder(spec), data.layout());
            ScanReport.print(dataset, spec.commandLine().getErr());
            Map<String, Integer> counts = new LinkedHashMap<>();
            dataset.labels().forEach(label -> counts.put(label, 0));
            dataset.recordings().forEach(each -> counts.merge(each.label(), 1, Integer::sum));
            int heardHertz = FeatureSpec.standard(FeatureSpec.Normalise.WINDOW).sampleRate();
            SoundSurvey survey = SoundSurvey.of(dataset, heardHertz);
            counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                    .forEach(each -> out.printf(
                            "%6d  %s: %s%n",
                            each.getValue(), each.getKey(), survey.rates().of(each.getKey())));
            out.printf(
                    "%6d  recordings of %d species%n",
                    dataset.recordings().size(), dataset.labels().size());
            survey.warnings().forEach(each -> out.printf("        %s%n", each));
            return Chiffchaff.OK;
        }
    }

    /** {@code data split}. */
    @Command(name = "split", description = "Writes down which recordings train, validate and test.")
    static final class Deal implements CachingSubcommand {
        @Spec
        private CommandSpec spec;

        @Mixin
        private SplitOptions data;

        @Option(names = "--out", paramLabel = "FILE", required = true, description = "CSV file for 'train --split'.")
        private Path out;

        @Option(names = "--replace", description = "Overwrite the file if it is there, and do not ask.")
        private boolean replace;

        @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Seed of all that is random.")
        private long seed;

        @Override
        public Integer call() {
            IdleOptions idle = new IdleOptions(spec);
            data.addIdle(idle);
            if (data.split != null) {
                idle.add("beside --split, which says all of it", "--seed");
            } else if (!data.drawsLots()) {
                idle.add("where no recordings are drawn to validate or test on", "--seed");
            }
            idle.refuse();
            requireReplaceable();
            Dataset dataset = data.dataset();
            ScanReport.print(dataset, spec.commandLine().getErr());
            Split split = data.split(dataset, seed);
            split.write(out);
            data.tell(dataset, split);
            double all = split.entries().size();
            for (Part part : Part.values()) {
                int recordings = split.part(part).size();
                spec.commandLine()
                        .getOut()
                        .printf("%-10s %6d recordings  %3.0f %%%n", part, recordings, 100 * recordings / all);
            }
            return Chiffchaff.OK;
        }

        // It may have been edited by hand.
        private void requireReplaceable() {
            if (replace || Files.notExists(out)) {
                return;
            }
            if (!Confirmation.possible()) {
                throw new TrainingException(
                        out + " is there already; expected a new file, or --replace to overwrite this one");
            }
            if (!Confirmation.given(out + " is there already. Replace it?")) {
                throw new TrainingException(out + " was left as it was");
            }
        }
    }

    /** {@code data cache}. */
    @Command(
            name = "cache",
            description =
                    "Computes the features of all recordings, which 'train' would do at its start, and reports those it cannot use.")
    static final class Cache implements CachingSubcommand {
        @Spec
        private CommandSpec spec;

        @Mixin
        private DataOption data;

        @Mixin
        private FeatureOptions features;

        @Mixin
        private CacheOption cache;

        @Override
        public Integer call() {
            double overlapSeconds = Usage.checked(spec, features::overlapSeconds);
            ChannelChoice channels = ChannelChoice.parse(Usage.checked(spec, features::channel));
            Dataset dataset = Dataset.scan(data.folder(spec), data.layout());
            ScanReport.print(dataset, spec.commandLine().getErr());
            List<Split.Entry> all = dataset.recordings().stream()
                    .map((Recording each) -> new Split.Entry(each, Part.TRAIN))
                    .toList();
            try (FeatureCache entries = new FeatureCache(cache.folder(), features.spec(), overlapSeconds)) {
                TrainingData loaded = TrainingData.load(dataset, new Split(all), entries, features.damaged(), channels);
                ScanReport.print(loaded, spec.commandLine().getErr());
                loaded.failures().forEach(failure -> spec.commandLine().getErr().println(failure));
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%d recordings, %d windows; %d recordings cannot be used%n",
                                loaded.part(Part.TRAIN).recordings(),
                                loaded.part(Part.TRAIN).size(),
                                loaded.failures().size());
                return loaded.failures().isEmpty() ? Chiffchaff.OK : Chiffchaff.FAILED;
            }
        }
    }
}
