package org.chiffchaff.client;

import java.io.PrintWriter;
import java.util.List;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.Species;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object per recording and line, with keys in snake case: the records below. */
final class JsonWriter implements ResultWriter {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final PrintWriter out;

    record Recording(
            String file,
            String channel,
            double durationSeconds,
            int windows,
            String model,
            String modelVersion,
            List<Ranked> ranking,
            List<Detected> detections,
            List<Warned> warnings) {}

    record Ranked(String label, String scientificName, String commonName, float confidence) {}

    record Detected(
            double startSeconds,
            double endSeconds,
            String label,
            String scientificName,
            String commonName,
            float confidence) {}

    record Warned(String code, String text) {}

    JsonWriter(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin() {}

    @Override
    public void write(Asked asked, IdentifyResponse response) {
        out.print(JSON.writeValueAsString(recording(asked, response)) + "\n");
        out.flush();
    }

    private static Recording recording(Asked asked, IdentifyResponse response) {
        List<Ranked> ranking = response.getRankingList().stream()
                .map(ranked -> {
                    Species species = ranked.getSpecies();
                    return new Ranked(
                            species.getLabel(),
                            species.getScientificName(),
                            species.getCommonName(),
                            ranked.getConfidence());
                })
                .toList();
        List<Detected> detections = response.getDetectionsList().stream()
                .map(detection -> {
                    Species species = detection.getSpecies();
                    return new Detected(
                            detection.getStartSeconds(),
                            detection.getEndSeconds(),
                            species.getLabel(),
                            species.getScientificName(),
                            species.getCommonName(),
                            detection.getConfidence());
                })
                .toList();
        return new Recording(
                asked.file().toString(),
                asked.channelWord(),
                response.getDurationSeconds(),
                response.getWindows(),
                response.getModelName(),
                response.getModelVersion(),
                ranking,
                detections,
                response.getWarningsList().stream()
                        .map(warning -> new Warned(warning.getCode(), warning.getText()))
                        .toList());
    }
}
