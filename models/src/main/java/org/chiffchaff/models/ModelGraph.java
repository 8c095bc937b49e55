package org.chiffchaff.models;

import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Value;

/** The graph that is served: front-end, network and softmax in one. */
public final class ModelGraph {
    private ModelGraph() {}

    /**
     * {@code waveform} [batch, samples] to {@code probabilities} and {@code logits} [batch, classes] and {@code
     * embedding} [batch, width].
     *
     * @param network with trained parameters
     */
    public static Graph compose(FeatureSpec spec, Graph network) {
        GraphBuilder graph = new GraphBuilder(network.name());
        Graph frontEnd = FrontEnd.graph(spec);
        Value waveform = graph.input(
                "waveform",
                frontEnd.input("waveform").type(),
                frontEnd.input("waveform").shape());
        Value features = graph.inline(frontEnd, List.of(waveform)).get("features");
        Map<String, Value> scores = graph.inline(network, List.of(features));
        Value logits = scores.get("logits");
        graph.output("probabilities", new Ops(graph).softmax(logits, 1));
        graph.output("logits", logits);
        graph.output("embedding", scores.get("embedding"));
        return graph.build();
    }
}
