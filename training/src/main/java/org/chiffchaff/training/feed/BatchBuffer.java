package org.chiffchaff.training.feed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;

/** Direct memory for the features of one batch, filled again and again, so that steps leave nothing to collect. */
public final class BatchBuffer {
    private final FeatureSpec spec;
    private final int batchSize;
    private final ByteBuffer features;

    /** @param batchSize windows that it holds at most */
    public BatchBuffer(FeatureSpec spec, int batchSize) {
        this.spec = spec;
        this.batchSize = batchSize;
        this.features = ByteBuffer.allocateDirect(batchSize * spec.featureSize() * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    public int batchSize() {
        return batchSize;
    }

    /**
     * A batch, valid until the next is gathered: features [batch, 3, coefficients, frames], labels int64 [batch].
     *
     * @param recordings the place of each window's recording in its set
     */
    public record Batch(Tensor features, Tensor labels, List<Integer> recordings) {
        public int size() {
            return recordings.size();
        }
    }

    /** The windows {@code order[from]} and after it, as many as there are and it holds. */
    public Batch gather(Examples examples, List<Integer> order, int from) {
        int to = Math.min(from + batchSize, order.size());
        long[] labels = new long[to - from];
        List<Integer> recordings = new ArrayList<>();
        features.clear();
        for (int i = from; i < to; i++) {
            Examples.Example example = examples.windows().get(order.get(i));
            example.features().read(example.window(), features);
            labels[i - from] = example.label();
            recordings.add(example.recording());
        }
        Shape shape = spec.featureShape().with(0, to - from);
        return new Batch(
                Tensor.of(ElementType.FLOAT, shape, features.flip()), Tensor.of(labels, labels.length), recordings);
    }
}
