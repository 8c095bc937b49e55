package org.chiffchaff.training.run;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.chiffchaff.models.Labels;
import org.chiffchaff.models.Manifest;

/** The page that tells a person what a model is and what it is not. */
final class ModelCard {
    private ModelCard() {}

    static String of(Manifest manifest, Labels labels) {
        Manifest.Training training = manifest.training();
        return String.format(
                Locale.ROOT,
                """
                # %s %s

                Names %d species in windows of %.1f s of sound at %,d Hz. Written by Chiffchaff.

                - Network: %s, %,d parameters
                - Learned from: %s, %,d recordings, %,d windows
                - Loss: %s; epoch %d; seed %d; %s

                ## On held-out recordings

                %s

                ## Mind

                Scores are the softmax of one label per window: they rank the species the model knows, and do not say that
                one of them is there. A sound of something else gets the name of what it resembles most. `labels.csv` lists
                the species.
                """,
                manifest.name(),
                manifest.version(),
                labels.size(),
                manifest.features().windowSeconds(),
                manifest.features().sampleRate(),
                manifest.architecture(),
                manifest.parameterCount(),
                training.data(),
                training.recordings(),
                training.windows(),
                training.loss(),
                training.epochs(),
                training.seed(),
                training.date(),
                figures(manifest.metrics()));
    }

    private static String figures(Map<String, Double> metrics) {
        if (metrics.isEmpty()) {
            return "This checkpoint was not measured on any, so nothing is known.";
        }
        return metrics.entrySet().stream()
                .map(each -> String.format(
                        Locale.ROOT,
                        each.getKey().equals("classes") ? "| %s | %.0f |" : "| %s | %.3f |",
                        each.getKey().replace('_', ' '),
                        each.getValue()))
                .collect(Collectors.joining("\n", "| figure | value |\n|---|---|\n", ""));
    }
}
