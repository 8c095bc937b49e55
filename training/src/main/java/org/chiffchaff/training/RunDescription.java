package org.chiffchaff.training;

import java.nio.file.Path;
import java.util.List;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.models.NetworkSettings;
import org.chiffchaff.onnx.Graph;

/**
 * What a run is, apart from how far it is: enough to rebuild its graphs.
 *
 * @param data the data set's folder
 * @param layout which folders there are species
 * @param cache the feature cache's folder
 * @param labels by class index
 * @param recordings that it learns from, 0 before they are loaded
 * @param windows of those
 * @param name of the model the run ends in
 */
record RunDescription(
        String name,
        String data,
        Dataset.Layout layout,
        String cache,
        List<String> labels,
        int recordings,
        int windows,
        TrainPlan plan) {
    RunDescription {
        labels = List.copyOf(labels);
        if (labels.size() < 2) {
            throw new TrainingException("The only species in " + data + " is " + labels
                    + "; expected two or more, each with a folder of its own, to be told apart");
        }
    }

    /**
     * This run once it is known what it learns from.
     *
     * @throws TrainingException where it began with other recordings: the rest would be another run
     */
    RunDescription learningFrom(Examples training) {
        if (windows != 0 && windows != training.size()) {
            throw new TrainingException("The run began with " + windows + " windows to learn from, and " + data
                    + " now has " + training.size() + " of them; bring the recordings back, or begin a new run");
        }
        return new RunDescription(
                name,
                data,
                layout,
                cache,
                labels,
                training.recordings(),
                training.size(),
                plan.forWindows(training.size()));
    }

    /**
     * What was learned from, scanned again.
     *
     * @throws TrainingException where its species have changed: every class index would mean another
     */
    Dataset dataset() {
        Dataset dataset = Dataset.scan(Path.of(data), layout);
        if (!dataset.labels().equals(labels)) {
            throw new TrainingException("The run knows the species " + labels + ", and " + data + " now has "
                    + dataset.labels() + "; bring its folders back as they were, or begin a new run");
        }
        return dataset;
    }

    /** The same run for another number of epochs. */
    RunDescription withEpochs(int epochs) {
        return new RunDescription(name, data, cache, labels, recordings, windows, plan.withEpochs(epochs));
    }

    /** The network with the run's first weights. */
    Graph network() {
        return plan.model().graph(new NetworkSettings(plan.features(), labels.size(), plan.dropout(), plan.seed()));
    }
}
