package org.chiffchaff.training.run;

import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.data.Metrics;
import org.chiffchaff.models.Pooling;
import org.chiffchaff.models.Softmax;
import org.chiffchaff.training.feed.BatchBuffer;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.session.OrtTrainer;

/** How well a model does on a part of the data: by recording, its score the mean over its windows. */
public final class Evaluator {
    private Evaluator() {}

    /**
     * @param loss mean over windows
     * @param scores [recording][class], in the order of the examples' recordings
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed over, not compared.
    public record Result(double loss, Metrics metrics, float[][] scores) {}

    /** @param beforeBatch may throw, to stop */
    public static Result evaluate(OrtTrainer trainer, Examples examples, BatchBuffer buffer, Runnable beforeBatch) {
        List<List<float[]>> scores = new ArrayList<>();
        int[] truth = new int[examples.recordings()];
        for (int recording = 0; recording < examples.recordings(); recording++) {
            scores.add(new ArrayList<>());
        }
        examples.windows().forEach(example -> truth[example.recording()] = example.label());
        List<Integer> order = examples.inOrder();
        double loss = 0;
        for (int from = 0; from < examples.size(); from += buffer.batchSize()) {
            beforeBatch.run();
            BatchBuffer.Batch batch = buffer.gather(examples, order, from);
            OrtTrainer.Evaluation found = trainer.evaluate(batch.features(), batch.labels());
            loss += (double) found.loss() * batch.size();
            float[][] logits = found.logits().rows();
            for (int i = 0; i < logits.length; i++) {
                scores.get(batch.recordings().get(i)).add(Softmax.of(logits[i]));
            }
        }
        float[][] pooled = scores.stream().map(Pooling::mean).toArray(float[][]::new);
        return new Result(loss / examples.size(), Metrics.of(truth, pooled), pooled);
    }
}
