package org.chiffchaff.autodiff;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chiffchaff.onnx.Node;

/** The table of gradient rules, one per operator. */
public final class GradientRules {
    private final Map<String, GradientRule> rules;
    private final Set<String> constants;

    private GradientRules(Table table) {
        this.rules = Map.copyOf(table.rules);
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
        return new TreeSet<>(rules.keySet());
    }

    /** Whether nothing can be differentiated through an operator. */
    boolean constant(String opType) {
        return constants.contains(opType);
    }

    /**
     * The rule of a node's operator.
     *
     * @throws AutodiffException where there is none
     */
    GradientRule of(Node node) {
        GradientRule rule = rules.get(node.opType());
        if (rule == null) {
            throw new AutodiffException("No gradient rule for " + node.opType() + " (node " + node.name()
                    + "); there are rules for " + opTypes().stream().collect(Collectors.joining(", ")));
        }
        return rule;
    }

    /** Collects the rules of a family. An operator is entered once. */
    static final class Table {
        private final Map<String, GradientRule> rules = new HashMap<>();
        private final Set<String> constants = new TreeSet<>();

        Table rule(String opType, GradientRule rule) {
            if (constants.contains(opType) || rules.putIfAbsent(opType, rule) != null) {
                throw new AutodiffException("Two gradient rules for " + opType);
            }
            return this;
        }

        /** Operators whose output does not move with their input, or only in jumps. */
        Table constant(String... opTypes) {
            Stream.of(opTypes).forEach(opType -> {
                if (rules.containsKey(opType) || !constants.add(opType)) {
                    throw new AutodiffException("Two gradient rules for " + opType);
                }
            });
            return this;
        }
    }
}
