package org.chiffchaff.training.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * @param training features, labels, {@code loss_weight}, {@code decay_rate} and, where the network has any, {@code
 *     statistics_weight} to {@code loss}, {@code logits}, {@code gradient_norm} and one flag per value that it changes in
 *     place: gradients are added up, weights decay, running statistics follow the batch. Where loss or gradient is not
 *     finite, weights and running statistics stay as they are
 * @param evaluation the same inputs to {@code loss}, {@code logits} and {@code embedding}, dropout and batch statistics
 *     as at inference
 */
public record TrainingArtifacts(Graph training, Graph evaluation, AdamW optimizer, Checkpoint checkpoint) {
    // ONNX Runtime finds these by their names.
    private static final String BUFFER = "_grad.accumulation.buffer";
    private static final String ACCUMULATED = "_grad.accumulation.out";
    private static final String RESET = "lazy_reset_grad";

    /** Input of the training step, a scalar: factor of the loss before its gradient is taken. */
    static final String LOSS_WEIGHT = "loss_weight";

    /** Input of the training step, a scalar: the learning rate by which weights decay after it, 0 for not at all. */
    static final String DECAY_RATE = "decay_rate";

    /** Input of the training step, a scalar: how much the batch counts at least in the running statistics. */
    static final String STATISTICS_WEIGHT = "statistics_weight";

    public static TrainingArtifacts of(Graph network, Graph lossHead, AdamW optimizer, Device device) {
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
        Value weighted = ops.mul(step.loss, graph.input(LOSS_WEIGHT, ElementType.FLOAT, Shape.SCALAR));
        Map<Value, Value> gradients = Backward.gradients(ops, weighted, trainable, GradientRules.standard(), device);
        graph.output("loss", step.loss);
        graph.output("logits", step.logits);
        Map<String, Value> flags = new LinkedHashMap<>();
        Value norm = norm(ops, accumulate(ops, gradients, flags));
        graph.output("gradient_norm", norm);
        flags.forEach(graph::output);
        Value finite = finite(ops, ops.add(step.loss, norm));
        decay(ops, trainable, optimizer.weightDecay(), finite);
        follow(ops, form.statistics(), finite);
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

    // The sums of each parameter's gradients since the last step.
    private static List<Value> accumulate(Ops ops, Map<Value, Value> gradients, Map<String, Value> flags) {
        GraphBuilder graph = ops.graph();
        Value reset = graph.input(RESET, ElementType.BOOL, Shape.of(1));
        List<Value> sums = new ArrayList<>();
        gradients.forEach((parameter, gradient) -> {
            Value buffer = graph.input(parameter.name() + BUFFER, parameter.type(), parameter.shape());
            List<Value> flagAndSum =
                    inPlace(ops, buffer, gradient, reset, Ops.result(parameter.type(), parameter.shape()));
            flags.put(parameter.name() + ACCUMULATED, flagAndSum.get(0));
            sums.add(flagAndSum.get(1));
        });
        return sums;
    }

    // Not a number less itself is none, and infinity less itself neither.
    private static Value finite(Ops ops, Value number) {
        return ops.equal(ops.sub(number, number), ops.scalarLike(number, 0));
    }

    // Weights shrink by their share, w -= rate * decay * w, before the optimizer moves them: AdamW's order. Biases and
    // the scales and shifts of a normalisation, which have one axis, do not: they set where things lie, not how much
    // counts, and a pull to zero is no prior for that. The optimizer's own operator knows one decay for all; to
    // split its parameters in two would copy them on CUDA. The share waits for the length of the gradients, by when
    // every use of the weights is over.
    private static void decay(Ops ops, List<Value> trainable, float weightDecay, Value finite) {
        GraphBuilder graph = ops.graph();
        Value rate = graph.input(DECAY_RATE, ElementType.FLOAT, Shape.SCALAR);
        Value share = ops.where(finite, ops.mul(rate, ops.scalarLike(rate, -weightDecay)), ops.scalarLike(rate, 0));
        Value add = flag(ops, false);
        trainable.stream().filter(each -> each.shape().rank() > 1).forEach(weight -> {
            Value change = ops.mul(weight, share);
            graph.output(
                    weight.name() + "_decayed",
                    inPlace(ops, weight, change, add).getFirst());
        });
    }

    // running = (1 - weight) * running + weight * batch. With a weight of one, nothing of what was before is left.
    private static void follow(Ops ops, List<TrainingForm.Statistic> statistics, Value finite) {
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
            Value next = ops.where(finite, moved, each.running());
            graph.output(
                    each.running().name() + "_moved",
                    inPlace(ops, each.running(), next, always).getFirst());
        }
    }

    // The one operator that writes into what it is given: target += value, or target = value where it may overwrite.
    // It reads that word on the host: what a device works out would be copied there, and the step wait for it.
    // Gives a flag and, where a further result is asked for, what the target then is.
    private static List<Value> inPlace(
            Ops ops, Value target, Value value, Value overwrite, GraphBuilder.Result... further) {
        List<GraphBuilder.Result> results = new ArrayList<>(List.of(Ops.result(ElementType.BOOL, Shape.of(1))));
        results.addAll(List.of(further));
        return ops.microsoft(
                "InPlaceAccumulatorV2",
                List.of(target, value, overwrite),
                Map.of(),
                results.toArray(GraphBuilder.Result[]::new));
    }

    private static Value flag(Ops ops, boolean value) {
        byte[] content = {(byte) (value ? 1 : 0)};
        return ops.constant(Tensor.of(ElementType.BOOL, Shape.of(1), ByteBuffer.wrap(content)));
    }

    /** Writes the four files. */
    public Paths write(Path folder) throws IOException {
        Paths files = Paths.in(folder);
        Files.createDirectories(folder);
        Files.write(files.training, OnnxFile.bytes(training, OnnxFile.Parameters.AS_INPUTS, Map.of()));
        Files.write(files.evaluation, OnnxFile.bytes(evaluation, OnnxFile.Parameters.AS_INPUTS, Map.of()));
        Files.write(files.optimizer, optimizer.model());
        checkpoint.write(files.checkpoint);
        return files;
    }

    /** Where the four files lie. */
    public record Paths(Path training, Path evaluation, Path optimizer, Path checkpoint) {
        public static Paths in(Path folder) {
            return new Paths(
                    folder.resolve("training_model.onnx"),
                    folder.resolve("eval_model.onnx"),
                    folder.resolve("optimizer_model.onnx"),
                    folder.resolve("checkpoint"));
        }
    }
}
