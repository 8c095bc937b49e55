package org.chiffchaff.training.feed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chiffchaff.audio.AudioException;
import org.chiffchaff.audio.AudioHeader;
import org.chiffchaff.audio.AudioSource;
import org.chiffchaff.audio.PcmStream;
import org.chiffchaff.cli.Progress;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Recording;

/**
 * How much of a data set's sound a model can hear.
 *
 * @param rates of all recordings that can be used
 * @param unheard recordings with most of their power above the front-end's band, among those that were measured: the first
 *     half minute of the first ten of each species
 * @param broken how many recordings cannot be used
 */
public record SoundSurvey(SampleRates rates, List<Recording> unheard, long broken) {
    private static final int MEASURED_PER_SPECIES = 10;
    private static final int MEASURED_SECONDS = 30;
    private static final double MOST = 0.5;

    /** @param shareAbove of the power, above the front-end's band; 0 where it was not measured */
    private record Found(Recording recording, int hertz, double shareAbove) {}

    /**
     * Looks at every recording, on all processors.
     *
     * @param heardHertz the front-end's sample rate: it hears up to half of that
     */
    public static SoundSurvey of(Dataset dataset, int heardHertz) {
        Set<Recording> measured = firstOfEach(dataset);
        List<Found> found;
        try (Progress progress =
                Progress.start("recordings", dataset.recordings().size())) {
            found = dataset.recordings().parallelStream()
                    .map(each -> {
                        Found one = find(each, dataset.path(each), heardHertz, measured.contains(each));
                        progress.step(1);
                        return one;
                    })
                    .toList();
        }
        List<Found> whole = found.stream().filter(each -> each.hertz() > 0).toList();
        return new SoundSurvey(
                new SampleRates(
                        whole.stream()
                                .map(each -> new SampleRates.Rate(each.recording(), each.hertz()))
                                .toList(),
                        heardHertz),
                whole.stream()
                        .filter(each -> each.shareAbove() > MOST)
                        .map(Found::recording)
                        .toList(),
                found.size() - whole.size());
    }

    private static Set<Recording> firstOfEach(Dataset dataset) {
        Map<String, Integer> counts = new HashMap<>();
        Set<Recording> first = new HashSet<>();
        for (Recording each : dataset.recordings()) {
            if (counts.merge(each.label(), 1, Integer::sum) <= MEASURED_PER_SPECIES) {
                first.add(each);
            }
        }
        return first;
    }

    private static Found find(Recording recording, Path file, int heardHertz, boolean measured) {
        AudioSource source = AudioSource.of(file);
        try {
            int hertz = AudioHeader.of(source).sampleRate();
            boolean mayLieAbove = measured && hertz > heardHertz;
            return new Found(recording, hertz, mayLieAbove ? shareAbove(source, hertz, heardHertz) : 0);
        } catch (AudioException e) {
            return new Found(recording, 0, 0);
        }
    }

    // Resampling takes off what lies above the band; what is left of the power tells how much that was.
    private static double shareAbove(AudioSource source, int hertz, int heardHertz) {
        double all = power(source, hertz);
        return all == 0 ? 0 : 1 - power(source, heardHertz) / all;
    }

    /** Mean power of the start of a recording, without the constant part. */
    private static double power(AudioSource source, int hertz) {
        float[] buffer = new float[1 << 13];
        double sum = 0;
        double squares = 0;
        long count = 0;
        try (PcmStream stream = PcmStream.open(source, hertz)) {
            int read = 0;
            while (read >= 0 && count < (long) MEASURED_SECONDS * hertz) {
                read = stream.read(buffer, 0, buffer.length);
                for (int i = 0; i < read; i++) {
                    sum += buffer[i];
                    squares += (double) buffer[i] * buffer[i];
                }
                count += Math.max(read, 0);
            }
        }
        double mean = sum / count;
        return squares / count - mean * mean;
    }

    /** What should be known before anything is learned, one sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(rates.warnings());
        if (!unheard.isEmpty()) {
            List<String> labels =
                    unheard.stream().map(Recording::label).distinct().toList();
            warnings.add("most of the sound of " + unheard.size() + " recordings, such as '"
                    + unheard.getFirst().file() + "', lies above "
                    + SampleRates.kilohertz(rates.heardHertz() / 2.0) + ", where a model hears nothing: "
                    + Listing.of(labels));
        }
        if (broken > 0) {
            warnings.add(broken + " recordings cannot be used; 'data cache' tells which, and why");
        }
        return warnings;
    }
}
