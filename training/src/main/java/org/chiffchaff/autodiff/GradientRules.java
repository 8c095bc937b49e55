package org.chiffchaff.autodiff;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.chiffchaff.onnx.Node;

/** The table of gradient rules, one per operator. An operator outside ONNX's own domain is named with its domain. */
public final class GradientRules {
    private final Map<String, Entry> entries;
    private final Set<String> constants;

    /**
     * A rule and what it knows.
     *
     * @param attributes the attributes that the rule reads, or that change nothing in a gradient
     */
    private record Entry(GradientRule rule, Set<String> attributes) {}

    private GradientRules(Table table) {
        this.entries = Map.copyOf(table.entries);
        this.constants = Set.copyOf(table.constants);
    }

    /** Every rule there is, one family per line. */
    public static GradientRules standard() {
        Table table = new Table();
        ElementwiseRules.add(table);
        MatrixRules.add(table);
        ConvolutionRules.add(table);
        PoolingRules.add(table);
        NormalisationRules.add(table);
        ReductionRules.add(table);
        ShapeRules.add(table);
        return new GradientRules(table);
    }

    /** The operators with a rule, by name. */
    public Set<String> opTypes() {
        return new TreeSet<>(entries.keySet());
    }

    /** The attributes that the rule of an operator knows; it refuses all others. */
    public Set<String> attributes(String opType) {
        return new TreeSet<>(entries.get(opType).attributes);
    }

    /** Whether nothing can be differentiated through a node. */
    boolean constant(Node node) {
        return constants.contains(name(node));
    }

    /** The name of a node's operator in this table. */
    static String name(Node node) {
        return node.domain().isEmpty() ? node.opType() : node.domain() + "." + node.opType();
    }

    /**
     * The rule of a node's operator.
     *
     * @throws AutodiffException where there is none, or the node has an attribute that the rule does not know
     */
    GradientRule of(Node node) {
        Entry entry = entries.get(name(node));
        if (entry == null) {
            throw new AutodiffException("No gradient rule for " + name(node) + " (node " + node.name()
                    + "); there are rules for " + String.join(", ", opTypes()));
        }
        node.attributes().forEach((attribute, value) -> {
            if (!entry.attributes.contains(attribute)) {
                throw new AutodiffException(node.opType() + " (node " + node.name() + "): found the attribute "
                        + attribute + " = " + value + "; the gradient rule knows " + known(entry));
            }
        });
        return entry.rule;
    }

    private static String known(Entry entry) {
        return entry.attributes.isEmpty() ? "no attributes" : String.join(", ", new TreeSet<>(entry.attributes));
    }

    /** Collects the rules of a family. An operator is entered once. */
    static final class Table {
        private final Map<String, Entry> entries = new HashMap<>();
        private final Set<String> constants = new TreeSet<>();

        /** A rule, with the attributes that it reads or that change nothing in a gradient: all others are refused. */
        Table rule(String opType, GradientRule rule, String... attributes) {
            if (constants.contains(opType)
                    || entries.putIfAbsent(opType, new Entry(rule, Set.of(attributes))) != null) {
                throw new AutodiffException("Two gradient rules for " + opType);
            }
            return this;
        }

        /** An operator whose output moves in jumps only. */
        Table constant(String opType) {
            if (entries.containsKey(opType) || !constants.add(opType)) {
                throw new AutodiffException("Two gradient rules for " + opType);
            }
            return this;
        }
    }
}
