package org.chiffchaff.training.feed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Seeds;
import org.chiffchaff.models.FeatureSpec;

/**
 * Windows with their labels, in the order of their recordings. The features stay on disk until a batch asks for them.
 *
 * @param names of the recordings
 */
public record Examples(FeatureSpec spec, List<Example> windows, List<String> names) {
    /**
     * One window.
     *
     * @param features of its whole recording
     * @param window its place there
     * @param recording the recording's place among those of this set
     * @param label class index
     */
    public record Example(Features features, int window, int recording, int label) {}

    public Examples {
        windows = List.copyOf(windows);
        names = List.copyOf(names);
    }

    /** Their number. */
    public int recordings() {
        return names.size();
    }

    /** What is made of a recording's channels, with its features. */
    public record Source(Recording recording, Channel channel, Features features, int label) {
        /** The recording's file, and which channel of it unless it is all. */
        String name() {
            return channel.equals(Channel.MIX) ? recording.file() : recording.file() + " channel " + channel.number();
        }
    }

    public static Examples of(FeatureSpec spec, List<Source> recordings) {
        List<Example> windows = new ArrayList<>();
        for (int recording = 0; recording < recordings.size(); recording++) {
            Source source = recordings.get(recording);
            for (int window = 0; window < source.features().windows(); window++) {
                windows.add(new Example(source.features(), window, recording, source.label()));
            }
        }
        return new Examples(spec, windows, recordings.stream().map(Source::name).toList());
    }

    public boolean isEmpty() {
        return windows.isEmpty();
    }

    public int size() {
        return windows.size();
    }

    public int batches(int batchSize) {
        return Math.ceilDiv(size(), batchSize);
    }

    /** How many recordings each of so many species has. */
    public int[] recordingsOf(int classes) {
        int[] counts = new int[classes];
        int last = -1;
        for (Example example : windows) {
            if (example.recording() != last) {
                last = example.recording();
                counts[example.label()]++;
            }
        }
        return counts;
    }

    /** All windows as they come. */
    public List<Integer> inOrder() {
        return IntStream.range(0, size()).boxed().toList();
    }

    /** All windows shuffled, the same for the same run and epoch. */
    public List<Integer> shuffled(long seed, int epoch) {
        List<Integer> order = new ArrayList<>(inOrder());
        Collections.shuffle(order, new Random(Seeds.of(seed, "shuffle", epoch)));
        return order;
    }
}
