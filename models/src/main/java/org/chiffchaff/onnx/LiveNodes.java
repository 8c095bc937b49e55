package org.chiffchaff.onnx;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the nodes that some output needs: gradient rules emit freely, what nobody asks for is dropped here. */
final class LiveNodes {
    private LiveNodes() {}

    static List<Node> of(List<Node> nodes, Collection<Value> outputs) {
        Set<String> needed = new HashSet<>();
        outputs.forEach(output -> needed.add(output.name()));
        Deque<Node> live = new ArrayDeque<>();
        for (Node node : nodes.reversed()) {
            if (node.outputs().stream().anyMatch(output -> output.present() && needed.contains(output.name()))) {
                live.addFirst(node);
                node.inputs().forEach(input -> needed.add(input.name()));
            }
        }
        return List.copyOf(live);
    }
}
