package org.chiffchaff.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chiffchaff.autodiff.Backward;
import org.chiffchaff.autodiff.GradientRules;
import org.chiffchaff.autodiff.Target;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Parameter;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/**
 * What ONNX Runtime trains from, made of a network and a loss head: the training step, the evaluation step, the
 * optimizer and the first checkpoint.
 *
 * @param training features and labels to {@code loss}, {@code logits}, {@code gradient_norm} and one flag per parameter
 * @param evaluation the same inputs to {@code loss}, {@code logits} and {@code embedding}, dropout and batch statistics
 *     as at inference
 */
record TrainingArtifacts(Graph training, Graph evaluation, AdamW optimizer, Checkpoint checkpoint) {
    // ONNX Runtime finds these by their names.
    private static final String BUFFER = "_grad.accumulation.buffer";
    private static final String ACCUMULATED = "_grad.accumulation.out";
    private static final String RESET = "lazy_reset_grad";

    static TrainingArtifacts of(Graph network, Graph lossHead, AdamW optimizer, Target target) {
        Graph evaluation = evaluation(network, lossHead);
        return new TrainingArtifacts(
                training(network, lossHead, target), evaluation, optimizer, Checkpoint.of(evaluation.parameters()));
    }

    private static Graph training(Graph network, Graph lossHead, Target target) {
        GraphBuilder graph = new GraphBuilder(network.name() + "-training");
        Ops ops = new Ops(graph);
        Step step = Step.of(graph, network, lossHead, (node, inputs) -> TrainingForm.of(ops, node, inputs));
        List<Value> trainable = graph.parameters().stream()
                .filter(Parameter::trainable)
                .map(Parameter::value)
                .toList();
        Map<Value, Value> gradients = Backward.gradients(ops, step.loss, trainable, GradientRules.standard(), target);
        graph.output("loss", step.loss);
        graph.output("logits", step.logits);
        graph.output("gradient_norm", norm(ops, List.copyOf(gradients.values())));
        accumulate(ops, gradients);
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
            Value done = ops.microsoft(
                            "InPlaceAccumulatorV2",
                            List.of(buffer, gradient, reset),
                            Map.of(),
                            Ops.result(ElementType.BOOL, Shape.of(1)))
                    .getFirst();
            graph.output(parameter.name() + ACCUMULATED, done);
        });
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
