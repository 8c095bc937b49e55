package org.chiffchaff.autodiff;

import java.util.List;
import java.util.Map;
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
                .rule("Dropout", ElementwiseRules::dropout, "seed")
                .constant("Sign");
    }

    private static Value oneMinus(Ops op, Value x) {
        return op.sub(op.scalarLike(x, 1), x);
    }

    // y = a / b: da = dy / b, db = -dy y / b
    private static List<Value> div(Ops op, Forward n) {
        Value da = op.div(n.dy(), n.x(1));
        return List.of(da, op.neg(op.mul(da, n.y())));
    }

    // y = a^b: da = dy b a^(b-1), db = dy y ln a. Both are 0, not 0 times infinity, where nothing moves: in a at b = 0,
    // in b at a = 0. Below a = 0 a power with a varying exponent has no slope, and db is not a number.
    private static List<Value> pow(Ops op, Forward n) {
        Value a = n.x(0);
        Value b = n.x(1);
        Value zero = op.scalarLike(a, 0);
        Value da = op.mul(op.mul(n.dy(), b), op.pow(a, op.sub(b, op.scalarLike(b, 1))));
        Value db = op.mul(op.mul(n.dy(), n.y()), op.log(a));
        return List.of(op.where(op.equal(b, zero), zero, da), op.where(op.equal(a, zero), zero, db));
    }

    // The greater input takes the gradient; of two equal ones the second does.
    private static List<Value> max(Ops op, Forward n) {
        if (n.node().inputs().size() != 2) {
            throw n.refusal(n.node().inputs().size() + " inputs", "two");
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
        if (!n.x(2).present() || op.graph().constantOf(n.x(2)).bytes().get(0) == 0) {
            return n.first(n.dy());
        }
        if (!n.node().output(1).present()) {
            throw n.refusal("no second output", "training with the mask as an output");
        }
        List<Value> inputs = List.of(n.dy(), n.node().output(1), n.x(1), n.x(2));
        Value dx =
                op.microsoft("DropoutGrad", inputs, Map.of(), Ops.like(n.x(0))).getFirst();
        return n.first(dx);
    }
}
