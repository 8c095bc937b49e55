package org.chiffchaff.autodiff;

import java.util.List;
import java.util.Map;
import org.chiffchaff.onnx.Node;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Value;

/** Operators that treat each element alone. */
final class ElementwiseRules {
    private ElementwiseRules() {}

    static void add(GradientRules.Table table) {
        table.rule("Identity", (op, n) -> List.of(n.dy()))
                .rule("Neg", (op, n) -> List.of(op.neg(n.dy())))
                .rule("Add", (op, n) -> List.of(n.dy(), n.dy()))
                .rule("Sub", (op, n) -> List.of(n.dy(), op.neg(n.dy())))
                .rule("Mul", (op, n) -> List.of(op.mul(n.dy(), n.x(1)), op.mul(n.dy(), n.x(0))))
                .rule("Div", ElementwiseRules::div)
                .rule("Pow", ElementwiseRules::pow)
                .rule("Max", ElementwiseRules::max)
                .rule("Where", ElementwiseRules::where)
                .rule("Exp", (op, n) -> List.of(op.mul(n.dy(), n.y())))
                .rule("Log", (op, n) -> List.of(op.div(n.dy(), n.x(0))))
                .rule("Sqrt", (op, n) -> List.of(op.div(n.dy(), op.add(n.y(), n.y()))))
                .rule("Abs", (op, n) -> List.of(op.mul(n.dy(), op.sign(n.x(0)))))
                .rule("Sigmoid", (op, n) -> List.of(op.mul(n.dy(), op.mul(n.y(), oneMinus(op, n.y())))))
                .rule("Tanh", (op, n) -> List.of(op.mul(n.dy(), oneMinus(op, op.mul(n.y(), n.y())))))
                .rule("Relu", (op, n) -> op.microsoft("ReluGrad", List.of(n.dy(), n.y()), Map.of(), Ops.like(n.x(0))))
                .rule("Dropout", ElementwiseRules::dropout)
                .constant("Equal", "Greater", "Sign");
    }

    private static Value oneMinus(Ops op, Value x) {
        return op.sub(op.scalarLike(x, 1), x);
    }

    // y = a / b: da = dy / b, db = -dy y / b
    private static List<Value> div(Ops op, Forward n) {
        Value da = op.div(n.dy(), n.x(1));
        return List.of(da, op.neg(op.mul(da, n.y())));
    }

    // y = a^b: da = dy b a^(b-1), db = dy y ln a. The second only where a > 0, as everywhere a power with a varying
    // exponent is.
    private static List<Value> pow(Ops op, Forward n) {
        Value one = op.scalarLike(n.x(1), 1);
        Value da = op.mul(op.mul(n.dy(), n.x(1)), op.pow(n.x(0), op.sub(n.x(1), one)));
        return List.of(da, op.mul(op.mul(n.dy(), n.y()), op.log(n.x(0))));
    }

    // The greater input takes the gradient; of two equal ones the second does.
    private static List<Value> max(Ops op, Forward n) {
        if (n.node().inputs().size() != 2) {
            throw new AutodiffException("Max of " + n.node().inputs().size() + " inputs (node "
                    + n.node().name() + "); the rule serves two");
        }
        Value first = op.greater(n.x(0), n.x(1));
        Value zero = op.scalarLike(n.dy(), 0);
        return List.of(op.where(first, n.dy(), zero), op.where(first, zero, n.dy()));
    }

    private static List<Value> where(Ops op, Forward n) {
        Value zero = op.scalarLike(n.dy(), 0);
        return List.of(Value.NONE, op.where(n.x(0), n.dy(), zero), op.where(n.x(0), zero, n.dy()));
    }

    // As inference sees it, dropout does nothing. In training its mask decides.
    private static List<Value> dropout(Ops op, Forward n) {
        Node node = n.node();
        if (node.inputs().size() < 3) {
            return node.inputs().size() == 1 ? List.of(n.dy()) : List.of(n.dy(), Value.NONE);
        }
        List<Value> inputs = List.of(n.dy(), node.output(1), n.x(1), n.x(2));
        Value dx =
                op.microsoft("DropoutGrad", inputs, Map.of(), Ops.like(n.x(0))).getFirst();
        return List.of(dx, Value.NONE, Value.NONE);
    }
}
