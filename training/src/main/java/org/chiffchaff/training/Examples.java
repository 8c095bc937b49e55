package org.chiffchaff.training;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.chiffchaff.data.Recording;
import org.chiffchaff.data.Seeds;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;

/**
 * Windows with their labels, in the order of their recordings. The features stay mapped on disk until a batch asks for
 * them.
 *
 * @param recordings number of recordings
 */
record Examples(FeatureSpec spec, List<Example> windows, int recordings) {
    /**
     * One window.
     *
     * @param features of its whole recording, float32 [windows, 3, coefficients, frames]
     * @param window its place there
     * @param recording the recording's place among those of this set
     * @param label class index
     */
    record Example(ByteBuffer features, int window, int recording, int label) {}

    Examples {
        windows = List.copyOf(windows);
    }

    /** A recording with its features. */
    record Source(Recording recording, ByteBuffer features, int label) {}

    static Examples of(FeatureSpec spec, List<Source> recordings) {
        List<Example> windows = new ArrayList<>();
        for (int recording = 0; recording < recordings.size(); recording++) {
            Source source = recordings.get(recording);
            int count = source.features().limit() / (spec.featureSize() * Float.BYTES);
            for (int window = 0; window < count; window++) {
                windows.add(new Example(source.features(), window, recording, source.label()));
            }
        }
        return new Examples(spec, windows, recordings.size());
    }

    boolean isEmpty() {
        return windows.isEmpty();
    }

    int size() {
        return windows.size();
    }

    int batches(int batchSize) {
        return Math.ceilDiv(size(), batchSize);
    }

    /**
     * A batch: features [batch, 3, coefficients, frames], labels int64 [batch].
     *
     * @param recordings the place of each window's recording in this set
     */
    record Batch(Tensor features, Tensor labels, List<Integer> recordings) {}

    /** Windows {@code order[from]} to {@code order[to - 1]}. */
    Batch batch(List<Integer> order, int from, int to) {
        int bytes = spec.featureSize() * Float.BYTES;
        ByteBuffer all = ByteBuffer.allocateDirect(bytes * (to - from));
        long[] labels = new long[to - from];
        List<Integer> places = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Example example = windows.get(order.get(i));
            all.put(example.features().slice(example.window() * bytes, bytes));
            labels[i - from] = example.label();
            places.add(example.recording());
        }
        Shape shape = spec.featureShape().with(0, to - from);
        return new Batch(Tensor.of(ElementType.FLOAT, shape, all.flip()), Tensor.of(labels, labels.length), places);
    }

    /** All windows as they come. */
    List<Integer> inOrder() {
        return IntStream.range(0, size()).boxed().toList();
    }

    /** All windows shuffled, the same for the same run and epoch. */
    List<Integer> shuffled(long seed, int epoch) {
        List<Integer> order = new ArrayList<>(inOrder());
        Collections.shuffle(order, new Random(Seeds.of(seed, "shuffle", epoch)));
        return order;
    }
}
