package org.chiffchaff.training.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.chiffchaff.audio.ChannelChoice;
import org.chiffchaff.cache.CacheFolder;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Part;
import org.chiffchaff.models.NetworkSettings;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.feed.Damaged;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.feed.TrainingData;

/**
 * What a run is, apart from how far it is: enough to rebuild its graphs.
 *
 * @param data the data set's folder
 * @param layout which folders there are species
 * @param damaged what becomes of recordings of which something is missing
 * @param channel what is heard of a recording's channels, in the words of {@link ChannelChoice#parse}
 * @param cache the feature cache's folder; empty for the usual place, wherever that is when the run goes on
 * @param labels by class index
 * @param withoutClass species of the data set none of whose recordings can be used
 * @param recordings that it learns from, 0 before they are loaded
 * @param windows of those
 * @param name of the model the run ends in
 */
public record RunDescription(
        String name,
        String data,
        Dataset.Layout layout,
        Damaged damaged,
        String channel,
        String cache,
        List<String> labels,
        List<String> withoutClass,
        int recordings,
        int windows,
        TrainPlan plan) {
    // What came later is missing in the runs of earlier versions, which did what is usual.
    public RunDescription {
        layout = Objects.requireNonNullElse(layout, Dataset.Layout.FLAT);
        damaged = Objects.requireNonNullElse(damaged, Damaged.USE);
        channel = Objects.requireNonNullElse(channel, "mix");
        withoutClass = Objects.requireNonNullElse(withoutClass, List.of());
        labels = List.copyOf(labels);
        withoutClass = List.copyOf(withoutClass);
        if (labels.size() < 2 && !withoutClass.isEmpty()) {
            throw new TrainingException(
                    "No recording of " + withoutClass + " in " + data + " can be used, which leaves the" + " species "
                            + labels + "; expected two or more to be told apart");
        }
        if (labels.size() < 2) {
            throw new TrainingException("The only species in " + data + " is " + labels
                    + "; expected two or more, each with a folder of its own, to be told apart");
        }
    }

    /**
     * This run once it is known what it learns from, and which species can be classes.
     *
     * @throws TrainingException where it began with other recordings: the rest would be another run
     */
    RunDescription learningFrom(TrainingData found) {
        Examples training = found.part(Part.TRAIN);
        if (windows != 0 && windows != training.size()) {
            throw new TrainingException("The run began with " + windows + " windows to learn from, and " + data
                    + " now has " + training.size() + " of them; bring the recordings back, or begin a new run");
        }
        requireClasses(found.labels());
        List<String> without = Stream.concat(labels.stream(), withoutClass.stream())
                .filter(label -> !found.labels().contains(label))
                .toList();
        return with(found.labels(), without, training.recordings(), training.size(), plan.forWindows(training.size()));
    }

    /** @throws TrainingException where the run has begun with other classes than those that can be used now */
    void requireClasses(List<String> usable) {
        if (windows != 0 && !usable.equals(labels)) {
            throw new TrainingException("The run knows the species " + labels + ", and " + data
                    + " now has recordings that can be used of " + usable
                    + "; bring the recordings back as they were, or begin a new run");
        }
    }

    /** Where the features are kept. */
    Path cacheFolder() {
        return cache.isEmpty() ? CacheFolder.of("features") : Path.of(cache);
    }

    /**
     * What was learned from, scanned again.
     *
     * @throws TrainingException where its species have changed: every class index would mean another
     */
    public Dataset dataset() {
        Dataset dataset = Dataset.scan(Path.of(data), layout);
        List<String> known =
                Stream.concat(labels.stream(), withoutClass.stream()).toList();
        if (!Set.copyOf(dataset.labels()).equals(Set.copyOf(known))) {
            throw new TrainingException("The run knows the species " + known + ", and " + data + " now has "
                    + dataset.labels() + "; bring its folders back as they were, or begin a new run");
        }
        return dataset;
    }

    /** The same run for another number of epochs. */
    public RunDescription withEpochs(int epochs) {
        return with(labels, withoutClass, recordings, windows, plan.withEpochs(epochs));
    }

    private RunDescription with(
            List<String> newLabels,
            List<String> newWithoutClass,
            int newRecordings,
            int newWindows,
            TrainPlan newPlan) {
        return new RunDescription(
                name,
                data,
                layout,
                damaged,
                channel,
                cache,
                newLabels,
                newWithoutClass,
                newRecordings,
                newWindows,
                newPlan);
    }

    /** The network with the run's first weights. */
    public Graph network() {
        return plan.network()
                .architecture()
                .graph(new NetworkSettings(
                        plan.features(), labels.size(), plan.network().dropout(), plan.seed()));
    }
}
