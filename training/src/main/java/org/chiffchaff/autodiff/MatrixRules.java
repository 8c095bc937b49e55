package org.chiffchaff.autodiff;

import java.util.List;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;

/** Products of matrices. */
final class MatrixRules {
    private MatrixRules() {}

    static void add(GradientRules.Table table) {
        table.rule("MatMul", MatrixRules::matmul).rule("Gemm", MatrixRules::gemm, "alpha", "beta", "transA", "transB");
    }

    // Y = A B: dA = dY B^T, dB = A^T dY. A matrix B shared by a batch of A gets its sum from one product over all rows.
    private static List<Value> matmul(Ops op, Forward n) {
        Value a = n.x(0);
        Value b = n.x(1);
        if (a.shape().rank() < 2 || b.shape().rank() < 2) {
            throw n.refusal(a + " and " + b, "matrices, or batches of them");
        }
        Value da = op.matmul(n.dy(), b, false, true);
        if (b.shape().rank() == 2 && a.shape().rank() > 2) {
            return List.of(da, op.matmul(rows(op, a), rows(op, n.dy()), true, false));
        }
        return List.of(da, op.matmul(a, n.dy(), true, false));
    }

    private static Value rows(Ops op, Value x) {
        return op.reshape(x, Shape.of(Shape.DYNAMIC, x.shape().dim(-1)));
    }

    // Y = A B^T + C with transB (a linear layer), or A B + C: dA = dY B, dB = dY^T A, dC = dY.
    private static List<Value> gemm(Ops op, Forward n) {
        float alpha = n.node().number("alpha", 1);
        float beta = n.node().number("beta", 1);
        long transA = n.node().integer("transA", 0);
        if (alpha != 1 || beta != 1 || transA != 0) {
            throw n.refusal(
                    "alpha = " + alpha + ", beta = " + beta + ", transA = " + transA, "A B + C and A B^T + C alone");
        }
        boolean transposed = n.node().integer("transB", 0) == 1;
        Value da = op.matmul(n.dy(), n.x(1), false, !transposed);
        Value db = transposed ? op.matmul(n.dy(), n.x(0), true, false) : op.matmul(n.x(0), n.dy(), true, false);
        return n.node().inputs().size() > 2 ? List.of(da, db, n.dy()) : List.of(da, db);
    }
}
