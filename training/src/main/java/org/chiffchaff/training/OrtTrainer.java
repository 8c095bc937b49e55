package org.chiffchaff.training;

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

/**
 * The one door to ONNX Runtime's training API: steps forward and back, evaluates, saves. All native memory of a step is
 * released before the call returns. One thread; and one trainer that steps per process, as the seed of dropout is the
 * process's.
 */
final class OrtTrainer implements AutoCloseable {
    private final OrtTrainingSession session;
    private final Staging staging = new Staging();

    private OrtTrainer(OrtTrainingSession session) {
        this.session = session;
    }

    /**
     * @param checkpoint the first checkpoint, or any saved since
     * @param threads native threads per step; 0 leaves the choice to the runtime
     */
    static OrtTrainer open(TrainingArtifacts.Paths files, Path checkpoint, Device device, int threads) {
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
     * What a step tells.
     *
     * @param logits [batch, classes], of the weights before the step
     * @param gradientNorm Euclidean length of all gradients
     */
    record Step(float loss, Tensor logits, float gradientNorm) {}

    /**
     * One step of the optimizer.
     *
     * @param features [batch, 3, coefficients, frames]
     * @param labels int64 [batch]
     * @param seed of this step's dropout
     */
    Step step(Tensor features, Tensor labels, float learningRate, long seed) {
        return attempt("train a step", () -> {
            OrtTrainingSession.setSeed(seed);
            session.setLearningRate(learningRate);
            List<Tensor> outputs = train(features, labels, learningRate, 0);
            session.optimizerStep();
            session.lazyResetGrad();
            return new Step(
                    outputs.get(0).floats()[0], outputs.get(1), outputs.get(2).floats()[0]);
        });
    }

    /**
     * Lets the running statistics follow a batch, and changes nothing else.
     *
     * @param weight of the batch in them, at least; 1 forgets what was before
     */
    void observe(Tensor features, Tensor labels, float weight) {
        attempt("observe a batch", () -> {
            List<Tensor> outputs = train(features, labels, 0, weight);
            session.lazyResetGrad();
            return outputs;
        });
    }

    private List<Tensor> train(Tensor features, Tensor labels, float learningRate, float statisticsWeight)
            throws OrtException {
        Map<String, Tensor> given = Map.of(
                "features",
                features,
                "labels",
                labels,
                TrainingArtifacts.LEARNING_RATE,
                Tensor.scalar(learningRate),
                TrainingArtifacts.STATISTICS_WEIGHT,
                Tensor.scalar(statisticsWeight));
        return run(session.getTrainInputNames(), given, session::trainStep);
    }

    /** What an evaluation tells: logits [batch, classes], embedding [batch, width]. */
    record Evaluation(float loss, Tensor logits, Tensor embedding) {}

    /** The loss and the logits as inference sees them. */
    Evaluation evaluate(Tensor features, Tensor labels) {
        return attempt("evaluate", () -> {
            List<Tensor> outputs =
                    run(session.getEvalInputNames(), Map.of("features", features, "labels", labels), session::evalStep);
            return new Evaluation(outputs.get(0).floats()[0], outputs.get(1), outputs.get(2));
        });
    }

    /** Saves parameters, moments, step and learning rate: everything needed to go on as if nothing had happened. */
    void save(Path checkpoint) {
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
