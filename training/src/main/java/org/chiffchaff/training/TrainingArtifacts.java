package org.chiffchaff.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chiffchaff.autodiff.Backward;
import org.chiffchaff.autodiff.GradientRules;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Parameter;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * What ONNX Runtime trains from, made of a network and a loss head: the training step, the evaluation step, the
 * optimizer and the first checkpoint.
 *
 * @param training features, labels, {@code learning_rate} and, where the network has any, {@code statistics_weight} to
 *     {@code loss}, {@code logits}, {@code gradient_norm} and one flag per value that it changes in place: gradients are
 *     gathered, weights decay, running statistics follow the batch
 * @param evaluation the same inputs to {@code loss}, {@code logits} and {@code embedding}, dropout and batch statistics
 *     as at inference
 */
record TrainingArtifacts(Graph training, Graph evaluation, AdamW optimizer, Checkpoint checkpoint) {
    // ONNX Runtime finds these by their names.
    private static final String BUFFER = "_grad.accumulation.buffer";
    private static final String ACCUMULATED = "_grad.accumulation.out";
    private static final String RESET = "lazy_reset_grad";

    /** Input of the training step, a scalar: the rate by which the optimizer will move the weights after it. */
    static final String LEARNING_RATE = "learning_rate";

    /** Input of the training step, a scalar: how much the batch counts at least in the running statistics. */
    static final String STATISTICS_WEIGHT = "statistics_weight";

    static TrainingArtifacts of(Graph network, Graph lossHead, AdamW optimizer, Device device) {
        Graph evaluation = evaluation(network, lossHead);
        return new TrainingArtifacts(
                training(network, lossHead, optimizer, device),
                evaluation,
                optimizer,
                Checkpoint.of(evaluation.parameters()));
    }

    private static Graph training(Graph network, Graph lossHead, AdamW optimizer, Device device) {
        GraphBuilder graph = new GraphBuilder(network.name() + "-training");
        Ops ops = new Ops(graph);
        TrainingForm form = new TrainingForm(ops);
        Step step = Step.of(graph, network, lossHead, form::of);
        List<Value> trainable = graph.parameters().stream()
                .filter(Parameter::trainable)
                .map(Parameter::value)
                .toList();
        Map<Value, Value> gradients = Backward.gradients(ops, step.loss, trainable, GradientRules.standard(), device);
        graph.output("loss", step.loss);
        graph.output("logits", step.logits);
        Value norm = norm(ops, List.copyOf(gradients.values()));
        graph.output("gradient_norm", norm);
        accumulate(ops, gradients);
        decay(ops, trainable, optimizer.weightDecay(), norm);
        follow(ops, form.statistics());
        return graph.build();
    }

    private static Graph evaluation(Graph network, Graph lossHead) {
        GraphBuilder graph = new GraphBuilder(network.name() + "-evaluation");
        Step step = Step.of(graph, network, lossHead, graph::copy);
        graph.output("loss", step.loss);
        graph.output("logits", step.logits);
        graph.output("embedding", step.embedding);
        return graph.build();
    }

    /** The network with the loss behind it. */
    private record Step(Value logits, Value embedding, Value loss) {
        static Step of(GraphBuilder graph, Graph network, Graph lossHead, GraphBuilder.NodeCopy copy) {
            Value features = network.input("features");
            Value labels = lossHead.input("labels");
            Value fed = graph.input("features", features.type(), features.shape());
            Value truth = graph.input("labels", labels.type(), labels.shape());
            Map<String, Value> scores = graph.inline(network, List.of(fed), copy);
            Value loss =
                    graph.inline(lossHead, List.of(scores.get("logits"), truth)).get("loss");
            return new Step(scores.get("logits"), scores.get("embedding"), loss);
        }
    }

    // Euclidean length of all gradients taken together, a scalar.
    private static Value norm(Ops ops, List<Value> gradients) {
        ops.graph().scope("gradient_norm");
        Value sum = ops.sumOfSquares(gradients.getFirst());
        for (Value gradient : gradients.subList(1, gradients.size())) {
            sum = ops.add(sum, ops.sumOfSquares(gradient));
        }
        Value norm = ops.sqrt(sum);
        ops.graph().scope("");
        return norm;
    }

    private static void accumulate(Ops ops, Map<Value, Value> gradients) {
        GraphBuilder graph = ops.graph();
        Value reset = graph.input(RESET, ElementType.BOOL, Shape.of(1));
        gradients.forEach((parameter, gradient) -> {
            Value buffer = graph.input(parameter.name() + BUFFER, parameter.type(), parameter.shape());
            graph.output(parameter.name() + ACCUMULATED, inPlace(ops, buffer, gradient, reset));
        });
    }

    // Weights shrink by their share, w -= rate * decay * w, before the optimizer moves them: AdamW's order. Biases and
    // the scales and shifts of a normalisation, which have one axis, do not: they set where things lie, not how much
    // counts, and a pull to zero is no prior for that. The optimizer's own operator knows one decay for all; to
    // split its parameters in two would copy them on CUDA. The share waits for the length of the gradients, by when
    // every use of the weights is over; no length is below zero, so it waits for no more than that.
    private static void decay(Ops ops, List<Value> trainable, float weightDecay, Value norm) {
        GraphBuilder graph = ops.graph();
        Value rate = graph.input(LEARNING_RATE, ElementType.FLOAT, Shape.SCALAR);
        Value never = ops.greater(ops.scalarLike(norm, 0), norm);
        Value share = ops.where(never, rate, ops.mul(rate, ops.scalarLike(rate, -weightDecay)));
        Value add = flag(ops, false);
        trainable.stream().filter(each -> each.shape().rank() > 1).forEach(weight -> {
            Value change = ops.mul(weight, share);
            graph.output(weight.name() + "_decayed", inPlace(ops, weight, change, add));
        });
    }

    // running = (1 - weight) * running + weight * batch. With a weight of one, nothing of what was before is left.
    private static void follow(Ops ops, List<TrainingForm.Statistic> statistics) {
        if (statistics.isEmpty()) {
            return;
        }
        GraphBuilder graph = ops.graph();
        Value least = graph.input(STATISTICS_WEIGHT, ElementType.FLOAT, Shape.SCALAR);
        Value always = flag(ops, true);
        for (TrainingForm.Statistic each : statistics) {
            Value weight = ops.max(least, ops.scalarLike(least, each.weight()));
            Value rest = ops.sub(ops.scalarLike(least, 1), weight);
            Value moved = ops.add(ops.mul(each.running(), rest), ops.mul(each.ofBatch(), weight));
            graph.output(each.running().name() + "_moved", inPlace(ops, each.running(), moved, always));
        }
    }

    // The one operator that writes into what it is given: target += value, or target = value where it may overwrite.
    // It reads that word on the host: what a device works out would be copied there, and the step wait for it.
    private static Value inPlace(Ops ops, Value target, Value value, Value overwrite) {
        return ops.microsoft(
                        "InPlaceAccumulatorV2",
                        List.of(target, value, overwrite),
                        Map.of(),
                        Ops.result(ElementType.BOOL, Shape.of(1)))
                .getFirst();
    }

    private static Value flag(Ops ops, boolean value) {
        byte[] content = {(byte) (value ? 1 : 0)};
        return ops.constant(Tensor.of(ElementType.BOOL, Shape.of(1), ByteBuffer.wrap(content)));
    }

    /** Writes the four files. */
    Paths write(Path folder) throws IOException {
        Paths files = Paths.in(folder);
        Files.createDirectories(folder);
        Files.write(files.training, OnnxFile.bytes(training, OnnxFile.Parameters.AS_INPUTS, Map.of()));
        Files.write(files.evaluation, OnnxFile.bytes(evaluation, OnnxFile.Parameters.AS_INPUTS, Map.of()));
        Files.write(files.optimizer, optimizer.model());
        checkpoint.write(files.checkpoint);
        return files;
    }

    /** Where the four files lie. */
    record Paths(Path training, Path evaluation, Path optimizer, Path checkpoint) {
        static Paths in(Path folder) {
            return new Paths(
                    folder.resolve("training_model.onnx"),
                    folder.resolve("eval_model.onnx"),
                    folder.resolve("optimizer_model.onnx"),
                    folder.resolve("checkpoint"));
        }
    }
}
