package org.chiffchaff.training.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtTrainingSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.OrtLibrary;
import org.chiffchaff.onnx.OrtTensors;
import org.chiffchaff.onnx.Staging;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.training.TrainingException;

/**
 * The one door to ONNX Runtime's training API: takes steps in two halves, evaluates, saves. All native memory of a step is
 * released before the call returns. One thread; and one trainer that steps per process, as the seed of dropout is the
 * process's.
 */
public final class OrtTrainer implements AutoCloseable {
    private final OrtTrainingSession session;
    private final Staging staging = new Staging();

    private OrtTrainer(OrtTrainingSession session) {
        this.session = session;
    }

    /**
     * @param checkpoint the first checkpoint, or any saved since
     * @param threads native threads per step; 0 leaves the choice to the runtime
     */
    public static OrtTrainer open(TrainingArtifacts.Paths files, Path checkpoint, Device device, int threads) {
        try (OrtSession.SessionOptions options = OrtLibrary.options(threads, device)) {
            // A pattern keeps one block for each size of batch (full, last, validation's last), beside the memory of
            // the steps before it was known: 1.9 to 2.5 GB where 1.0 to 1.1 do, and no faster.
            options.setMemoryPatternOptimization(false);
            return new OrtTrainer(OrtLibrary.environment()
                    .createTrainingSession(
                            checkpoint.toString(),
                            files.training().toString(),
                            files.evaluation().toString(),
                            files.optimizer().toString(),
                            options));
        } catch (OrtException e) {
            throw new TrainingException(
                    "ONNX Runtime cannot train from " + files.training().getParent() + ": " + e.getMessage(), e);
        }
    }

    /**
     * What the first half of a step tells.
     *
     * @param logits [batch, classes], of the weights before the step
     * @param gradientNorm Euclidean length of all gradients added up since the last update
     */
    public record Pass(float loss, Tensor logits, float gradientNorm) {
        /** Whether loss and gradients are numbers; where they are not, an update would spoil the weights. */
        public boolean isFinite() {
            return Float.isFinite(loss) && Float.isFinite(gradientNorm);
        }
    }

    /**
     * The first half of a step: forward, backward, and the gradients added to those since the last {@link #update}.
     * Running statistics follow the batch. Where loss or gradients are not finite, nothing but the gradients changes.
     *
     * @param features [batch, 3, coefficients, frames]
     * @param labels int64 [batch]
     * @param share of this batch in the step: its windows over those of all the step's batches
     * @param decayRate the learning rate of the update, where it follows this batch: weights decay by it in the same
     *     pass, after their last use; otherwise 0
     * @param seed of this pass's dropout
     */
    public Pass backward(Tensor features, Tensor labels, float share, float decayRate, long seed) {
        return attempt("train a step", () -> {
            OrtTrainingSession.setSeed(seed);
            List<Tensor> outputs = train(features, labels, share, decayRate, 0);
            return new Pass(
                    outputs.get(0).floats()[0], outputs.get(1), outputs.get(2).floats()[0]);
        });
    }

    /** The second half of a step: the optimizer moves the weights along the gradients, which begin anew. */
    public void update(float learningRate) {
        attempt("update the weights", () -> {
            session.setLearningRate(learningRate);
            session.optimizerStep();
            session.lazyResetGrad();
            return learningRate;
        });
    }

    /** Forgets the gradients since the last update. */
    public void skip() {
        attempt("skip a step", () -> {
            session.lazyResetGrad();
            return true;
        });
    }

    /**
     * Lets the running statistics follow a batch, and changes nothing else.
     *
     * @param weight of the batch in them, at least; 1 forgets what was before
     */
    public void observe(Tensor features, Tensor labels, float weight) {
        attempt("observe a batch", () -> {
            List<Tensor> outputs = train(features, labels, 1, 0, weight);
            session.lazyResetGrad();
            return outputs;
        });
    }

    private List<Tensor> train(
            Tensor features, Tensor labels, float lossWeight, float decayRate, float statisticsWeight)
            throws OrtException {
        Map<String, Tensor> given = Map.of(
                "features",
                features,
                "labels",
                labels,
                TrainingArtifacts.LOSS_WEIGHT,
                Tensor.scalar(lossWeight),
                TrainingArtifacts.DECAY_RATE,
                Tensor.scalar(decayRate),
                TrainingArtifacts.STATISTICS_WEIGHT,
                Tensor.scalar(statisticsWeight));
        return run(session.getTrainInputNames(), given, session::trainStep);
    }

    /** What an evaluation tells: logits [batch, classes], embedding [batch, width]. */
    public record Evaluation(float loss, Tensor logits, Tensor embedding) {}

    /** The loss and the logits as inference sees them. */
    public Evaluation evaluate(Tensor features, Tensor labels) {
        return attempt("evaluate", () -> {
            List<Tensor> outputs =
                    run(session.getEvalInputNames(), Map.of("features", features, "labels", labels), session::evalStep);
            return new Evaluation(outputs.get(0).floats()[0], outputs.get(1), outputs.get(2));
        });
    }

    /** Saves parameters, moments, step and learning rate: everything needed to go on as if nothing had happened. */
    public void save(Path checkpoint) {
        attempt("save the checkpoint " + checkpoint, () -> {
            session.saveCheckpoint(checkpoint, true);
            return checkpoint;
        });
    }

    @Override
    public void close() {
        session.close();
    }

    @FunctionalInterface
    private interface Native<T> {
        T run() throws OrtException;
    }

    @FunctionalInterface
    private interface NativeStep {
        OrtSession.Result run(Map<String, OnnxTensor> inputs) throws OrtException;
    }

    private static <T> T attempt(String what, Native<T> call) {
        try {
            return call.run();
        } catch (OrtException e) {
            throw new TrainingException("ONNX Runtime failed to " + what + ": " + e.getMessage(), e);
        }
    }

    // The runtime takes the inputs by position, whatever their keys say: they go in the order the session names them.
    private List<Tensor> run(Set<String> names, Map<String, Tensor> given, NativeStep step) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (String name : names) {
                inputs.put(name, staging.toNative(name, given.get(name)));
            }
            try (OrtSession.Result result = step.run(inputs)) {
                List<Tensor> outputs = new ArrayList<>();
                for (var entry : result) {
                    // What follows the first three is a flag per parameter, of no use here.
                    if (entry.getValue() instanceof OnnxTensor tensor && outputs.size() < 3) {
                        outputs.add(OrtTensors.toJava(tensor));
                    }
                }
                return outputs;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }
}
