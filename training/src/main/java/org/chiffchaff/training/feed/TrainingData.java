package org.chiffchaff.training.feed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.chiffchaff.audio.AudioException;
import org.chiffchaff.audio.AudioHeader;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.audio.ChannelChoice;
import org.chiffchaff.audio.LeftOut;
import org.chiffchaff.cli.Interruption;
import org.chiffchaff.cli.Progress;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Part;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Split;
import org.chiffchaff.training.TrainingException;

/**
 * The parts of a data set as examples.
 *
 * @param sources the recordings of each part that can be used, in the order of its examples
 * @param labels the species with a recording that can be used, in whatever part; a label's place is its class index
 * @param rates of the recordings that are used
 * @param remarks on those that are used although something of them is missing
 * @param failures those that cannot be used
 */
public record TrainingData(
        Map<Part, Examples> parts,
        Map<Part, List<Examples.Source>> sources,
        List<String> labels,
        SampleRates rates,
        List<Remark> remarks,
        List<LeftOut> failures) {
    private static final long ASKED_EVERY_MILLIS = 100;

    /** What is made of a recording's channels, with its features. */
    private record Usable(Split.Entry entry, Channel channel, FeatureCache.Heard heard) {
        String label() {
            return entry.recording().label();
        }
    }

    /** What came of a recording's channels. */
    private record Attempt(List<Usable> usable, List<LeftOut> failures) {}

    /** What is to be said of a recording that is used. */
    record Remark(Path path, String words) {}

    public Examples part(Part part) {
        return parts.get(part);
    }

    public List<Recording> recordings(Part part) {
        return sources.get(part).stream().map(Examples.Source::recording).toList();
    }

    /** The features of every source, by its name. */
    public Map<String, Features> features() {
        Map<String, Features> features = new TreeMap<>();
        sources.values().forEach(part -> part.forEach(each -> features.put(each.name(), each.features())));
        return features;
    }

    /**
     * Brings the features of every recording of a split into the cache, several at a time. A recording that cannot
     * be used, or lacks the channel asked for, is left out and reported; it stops nothing. A species of which none can be used is no class.
     *
     * @throws CancellationException where it was interrupted; what is done is kept
     */
    public static TrainingData load(
            Dataset dataset, Split split, FeatureCache cache, Damaged damaged, ChannelChoice channels) {
        List<LeftOut> failures = new ArrayList<>();
        List<Usable> usable = compute(dataset, split.entries(), cache, channels, failures);
        usable.removeIf(each -> isRefused(dataset, each, damaged, channels, failures));
        failures.sort(Comparator.comparing(LeftOut::path));
        Set<String> heard = usable.stream().map(Usable::label).collect(Collectors.toSet());
        List<String> labels = dataset.labels().stream().filter(heard::contains).toList();
        Map<Part, Examples> parts = new EnumMap<>(Part.class);
        Map<Part, List<Examples.Source>> sources = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            sources.put(part, sources(part, usable, labels));
            parts.put(part, Examples.of(cache.spec(), sources.get(part)));
        }
        if (parts.get(Part.TRAIN).isEmpty()) {
            throw new TrainingException("No usable recording to train on in " + dataset.root() + ": " + failures.size()
                    + " failed, the first with: "
                    + (failures.isEmpty()
                            ? "the split trains on none"
                            : failures.getFirst().toString()));
        }
        return new TrainingData(
                parts, sources, labels, rates(cache, usable), remarks(dataset, usable, channels), failures);
    }

    private static SampleRates rates(FeatureCache cache, List<Usable> usable) {
        return new SampleRates(
                usable.stream()
                        .map(each -> new SampleRates.Rate(
                                each.entry().recording(),
                                each.heard().condition().sampleRate()))
                        .distinct()
                        .toList(),
                cache.spec().sampleRate());
    }

    private static boolean isRefused(
            Dataset dataset, Usable each, Damaged damaged, ChannelChoice channels, List<LeftOut> failures) {
        Optional<String> refusal = damaged.refusal(each.heard().condition());
        refusal.ifPresent(reason ->
                failures.add(unusable(dataset.path(each.entry().recording()), of(channels, each.channel()) + reason)));
        return refusal.isPresent();
    }

    private static List<Remark> remarks(Dataset dataset, List<Usable> usable, ChannelChoice channels) {
        return usable.stream()
                .filter(each -> !each.heard().condition().remarks().isEmpty())
                .map(each -> new Remark(
                        dataset.path(each.entry().recording()),
                        of(channels, each.channel())
                                + String.join("; ", each.heard().condition().remarks())))
                .toList();
    }

    private static List<Examples.Source> sources(Part part, List<Usable> usable, List<String> labels) {
        Map<String, Integer> index = new HashMap<>();
        labels.forEach(label -> index.put(label, index.size()));
        return usable.stream()
                .filter(each -> each.entry().part() == part)
                .map(each -> new Examples.Source(
                        each.entry().recording(), each.channel(), each.heard().features(), index.get(each.label())))
                .toList();
    }

    private static List<Usable> compute(
            Dataset dataset,
            List<Split.Entry> entries,
            FeatureCache cache,
            ChannelChoice channels,
            List<LeftOut> failures) {
        List<Usable> usable = new ArrayList<>();
        try (Interruption interruption = Interruption.watch();
                ExecutorService workers =
                        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
                Progress progress = Progress.start("features", entries.size())) {
            try {
                List<Future<Attempt>> pending = entries.stream()
                        .map(entry -> workers.submit(() -> {
                            try {
                                return hear(dataset.path(entry.recording()), entry, cache, channels);
                            } finally {
                                progress.step(1);
                            }
                        }))
                        .toList();
                for (int i = 0; i < entries.size(); i++) {
                    try {
                        Attempt attempt = await(pending.get(i), interruption);
                        usable.addAll(attempt.usable());
                        failures.addAll(attempt.failures());
                    } catch (ExecutionException e) {
                        throw defect(e);
                    }
                }
            } finally {
                // Once one thing has gone wrong, nobody waits for the others.
                workers.shutdownNow();
            }
        }
        return usable;
    }

    private static Attempt await(Future<Attempt> pending, Interruption interruption) throws ExecutionException {
        while (!interruption.requested()) {
            try {
                return pending.get(ASKED_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Not done yet.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new CancellationException("stopped while the features were computed");
    }

    private static Attempt hear(Path file, Split.Entry entry, FeatureCache cache, ChannelChoice channels) {
        Attempt attempt = new Attempt(new ArrayList<>(), new ArrayList<>());
        try {
            for (Channel channel : channelsOf(file, channels)) {
                try {
                    attempt.usable().add(new Usable(entry, channel, cache.hear(file, channel)));
                } catch (AudioException bad) {
                    attempt.failures().add(unusable(file, of(channels, channel) + bad.reason()));
                }
            }
        } catch (AudioException bad) {
            attempt.failures().add(unusable(file, bad.reason()));
        }
        return attempt;
    }

    // How many there are is only asked where it matters: it opens the file, which may be long in the cache.
    private static List<Channel> channelsOf(Path file, ChannelChoice channels) {
        return channels.only()
                .map(List::of)
                .orElseGet(
                        () -> channels.of(AudioHeader.of(AudioSource.of(file)).channels()));
    }

    private static LeftOut unusable(Path file, String reason) {
        return new LeftOut(file, LeftOut.Kind.UNUSABLE, reason);
    }

    // Which of a recording's channels something is said of, where there may be several.
    private static String of(ChannelChoice channels, Channel channel) {
        return channels.only().isPresent() ? "" : "channel " + channel.number() + ": ";
    }

    // Anything but a bad recording is a defect or a full disk, and stops the run.
    private static RuntimeException defect(ExecutionException e) {
        return e.getCause() instanceof RuntimeException known
                ? known
                : new TrainingException("Computing features failed: " + e.getCause(), e.getCause());
    }
}
