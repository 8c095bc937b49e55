package org.chiffchaff.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A small data set of invented birds, to try the whole path on without recordings: each species with a song of its own,
 * each recording with a bird, a level and a noise of its own.
 *
 * @param species how many, up to {@link #MOST_SPECIES}
 * @param recordings how many of the commonest species
 * @param imbalance how many times rarer the rarest species is; those between fall off geometrically (as the long-tailed
 *     CIFAR of Cui et al. 2019); 1 for as many of each
 * @param seed of everything that is random; the same seed gives the same bytes
 */
public record SyntheticCorpus(int species, int recordings, double imbalance, long seed) {
    public static final int MOST_SPECIES = SyntheticSpecies.ALL.size();
    public static final int SAMPLE_RATE = Canvas.SAMPLE_RATE;

    // The song's level over the noise's, each the mean square of where it is; and the peak of both together.
    private static final double LEAST_SNR_DECIBEL = 6;
    private static final double MOST_SNR_DECIBEL = 30;
    private static final double LEAST_PEAK_DECIBEL = -24;
    private static final double MOST_PEAK_DECIBEL = -1;

    public SyntheticCorpus {
        if (species < 1 || species > MOST_SPECIES || recordings < 1 || !(imbalance >= 1)) {
            throw new DataException("a synthetic corpus of " + species + " species, " + recordings
                    + " recordings and imbalance " + imbalance + "; expected 1 to " + MOST_SPECIES
                    + " species, 1 recording or more, and an imbalance of 1 or more");
        }
    }

    /** How many recordings each species has, the commonest first. */
    public List<Integer> counts() {
        return IntStream.range(0, species)
                .mapToObj(rank -> {
                    double fallen = species == 1 ? 0 : (double) rank / (species - 1);
                    return (int) Math.max(1, StrictMath.rint(recordings * StrictMath.pow(imbalance, -fallen)));
                })
                .toList();
    }

    /**
     * Writes one folder per species.
     *
     * @param out a folder that is empty or not there yet
     * @param written told how many recordings there are so far, after each
     */
    public void write(Path out, IntConsumer written) {
        requireEmpty(out);
        List<Integer> counts = counts();
        int done = 0;
        for (int number = 0; number < species; number++) {
            SyntheticSpecies kind = SyntheticSpecies.ALL.get(number);
            Path folder = create(out.resolve(kind.name()));
            for (int recording = 1; recording <= counts.get(number); recording++) {
                String name = String.format(
                        Locale.ROOT,
                        "%s-%03d",
                        kind.name().toLowerCase(Locale.ROOT).replace(' ', '-'),
                        recording);
                WaveFile.write(folder.resolve(name + ".wav"), samples(kind, name), SAMPLE_RATE);
                written.accept(++done);
            }
        }
    }

    /** One recording; its name seeds it, so that more species or recordings leave the others as they are. */
    float[] samples(SyntheticSpecies kind, String name) {
        SplittableRandom random = new SplittableRandom(Seeds.of(seed, name));
        Canvas canvas = new Canvas(random.nextDouble(5, 8), random);
        double seconds = (double) canvas.samples().length / SAMPLE_RATE;
        // The bird may be in the middle of its song when the recording begins.
        Singer singer = new Singer(canvas, random.nextDouble(-1, 1), random);
        while (singer.now() < seconds) {
            kind.phrase().accept(singer);
            singer.pause(random.nextDouble(0.3, 1.0));
        }
        addNoise(canvas.samples(), random);
        return canvas.samples();
    }

    /** Coloured noise: white at one end, falling by 6 dB an octave from low on at the other. */
    private static void addNoise(float[] samples, SplittableRandom random) {
        double smoothing = random.nextDouble(0, 0.97);
        float[] noise = new float[samples.length];
        double level = 0;
        for (int i = 0; i < noise.length; i++) {
            level = smoothing * level + (1 - smoothing) * (2 * random.nextDouble() - 1);
            noise[i] = (float) level;
        }
        double ratio = decibel(random.nextDouble(LEAST_SNR_DECIBEL, MOST_SNR_DECIBEL));
        double gain = loudness(samples) / loudness(noise) / ratio;
        double peak = 0;
        for (int i = 0; i < samples.length; i++) {
            samples[i] += (float) (gain * noise[i]);
            peak = Math.max(peak, Math.abs(samples[i]));
        }
        double volume = decibel(random.nextDouble(LEAST_PEAK_DECIBEL, MOST_PEAK_DECIBEL)) / peak;
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= (float) volume;
        }
    }

    private static double decibel(double decibel) {
        return StrictMath.pow(10, decibel / 20);
    }

    /** The root mean square of the samples that are not exactly silent. */
    private static double loudness(float[] samples) {
        double sum = 0;
        int sounding = 0;
        for (float sample : samples) {
            sum += (double) sample * sample;
            sounding += sample == 0 ? 0 : 1;
        }
        return StrictMath.sqrt(sum / Math.max(1, sounding));
    }

    private static void requireEmpty(Path out) {
        if (!Files.exists(out)) {
            return;
        }
        try (Stream<Path> entries = Files.list(out)) {
            if (entries.findAny().isPresent()) {
                throw new DataException("a synthetic corpus for " + out
                        + ", which is not empty; expected a new folder, so" + " that nothing is mixed up or lost");
            }
        } catch (IOException e) {
            throw new DataException("a synthetic corpus for " + out + " (" + e + "); expected a folder", e);
        }
    }

    private static Path create(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException("the folder " + folder + " cannot be made: " + e, e);
        }
    }
}
