package org.chiffchaff.models;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a bundle says of itself: {@code manifest.json}, with keys in snake case.
 *
 * @param schemaVersion of this file; a reader refuses one it does not know
 * @param name of the model; with the version, the bundle's place on disk
 * @param version compared number by number, so 1.10.0 is after 1.9.0
 * @param architecture as {@code chiffchaff models list} names it
 * @param parameterCount learned parameters
 * @param features how waveforms become features
 * @param training where the model comes from
 * @param calibration how logits become probabilities one may trust
 * @param metrics by name, measured on held-out recordings
 * @param libraries versions of what trained it, by name
 * @param files SHA-256 of every other file of the bundle, in hexadecimal, by path within it
 */
public record Manifest(
        int schemaVersion,
        String name,
        String version,
        String architecture,
        long parameterCount,
        FeatureSpec features,
        Training training,
        Calibration calibration,
        Map<String, Double> metrics,
        Map<String, String> libraries,
        Map<String, String> files) {

    static final int SCHEMA_VERSION = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /**
     * Where a model comes from.
     *
     * @param data name of the folder it learned from
     * @param recordings learned from
     * @param windows learned from
     * @param loss with its parameters
     * @param epochs trained
     * @param seed of everything random
     * @param hyperparameters every other option of the run, as on the command line
     * @param date of the export, ISO 8601
     */
    public record Training(
            String data,
            int recordings,
            long windows,
            String loss,
            int epochs,
            long seed,
            Map<String, String> hyperparameters,
            String date) {
        public Training {
            hyperparameters = sorted(hyperparameters);
        }
    }

    /**
     * How logits become probabilities.
     *
     * @param method "none" where probabilities are the plain softmax of the logits
     * @param parameters of the method, by name
     */
    public record Calibration(String method, Map<String, Double> parameters) {
        public static final Calibration NONE = new Calibration("none", Map.of());

        public Calibration {
            parameters = sorted(parameters);
        }
    }

    public Manifest {
        if (schemaVersion != SCHEMA_VERSION) {
            throw new ModelException(
                    "Manifest schema " + schemaVersion + "; this Chiffchaff reads schema " + SCHEMA_VERSION);
        }
        requireFolderName("name", name);
        requireFolderName("version", version);
        metrics = sorted(metrics);
        libraries = sorted(libraries);
        files = sorted(files);
    }

    /** A manifest of this schema whose files are not written yet. */
    public Manifest(
            String name,
            String version,
            String architecture,
            long parameterCount,
            FeatureSpec features,
            Training training,
            Calibration calibration,
            Map<String, Double> metrics,
            Map<String, String> libraries) {
        this(
                SCHEMA_VERSION,
                name,
                version,
                architecture,
                parameterCount,
                features,
                training,
                calibration,
                metrics,
                libraries,
                Map.of());
    }

    Manifest withFiles(Map<String, String> digests) {
        return new Manifest(
                schemaVersion,
                name,
                version,
                architecture,
                parameterCount,
                features,
                training,
                calibration,
                metrics,
                libraries,
                digests);
    }

    String json() {
        return JSON.writeValueAsString(this) + "\n";
    }

    /** Reads what {@link #json()} wrote; {@code where} names the file in errors. */
    static Manifest parse(String json, String where) {
        try {
            return JSON.readValue(json, Manifest.class);
        } catch (JacksonException e) {
            Throwable reason = e.getCause() instanceof ModelException ? e.getCause() : e;
            String message =
                    reason instanceof JacksonException syntax ? syntax.getOriginalMessage() : reason.getMessage();
            throw new ModelException(where + " is not a manifest: " + message, e);
        }
    }

    /**
     * Refuses what cannot be a bundle's name or version.
     *
     * @param what is being named, for the message
     */
    public static void requireFolderName(String what, String value) {
        if (!value.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new ModelException("The " + what
                    + " of a model names a folder: letters, digits, '.', '_' and '-'; found '" + value + "'");
        }
    }

    // Equal manifests give equal bytes.
    private static <V> Map<String, V> sorted(Map<String, V> map) {
        return Collections.unmodifiableMap(new TreeMap<>(Objects.requireNonNull(map)));
    }
}
