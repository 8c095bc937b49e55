package org.chiffchaff.models;

import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * The losses by name: {@code logits} [batch, classes] and {@code labels} int64 [batch], each from 0 to classes - 1, to
 * {@code loss}, the mean over the batch. A label out of that range makes the loss NaN, in training and evaluation alike:
 * there is no label to be passed over.
 */
public enum LossHead implements Labelled {
    /** {@code -log p_t}. */
    CROSS_ENTROPY("cross-entropy") {
        @Override
        Value perExample(Ops ops, Value logP, Value oneHot) {
            return ops.neg(picked(ops, logP, oneHot));
        }
    },

    /**
     * {@code -alpha_t (1 - p_t)^gamma log p_t}, the softmax form of Lin et al. 2017 (arXiv 1708.02002). Gamma, and
     * alpha for each class, are frozen parameters: one graph serves every setting.
     */
    FOCAL("focal") {
        @Override
        Value perExample(Ops ops, Value logP, Value oneHot) {
            long classes = oneHot.shape().dim(1);
            Value gamma = ops.graph().parameter(GAMMA, Tensor.scalar(2), false);
            Value alpha = ops.graph().parameter(ALPHA, Tensor.filled(0.25f, classes), false);
            Value logPt = picked(ops, logP, oneHot);
            // Below gamma 1 the slope grows without bound as p_t nears 1; the least doubt keeps it finite.
            Value doubt =
                    ops.max(ops.sub(ops.scalarLike(logPt, 1), ops.exp(logPt)), ops.scalarLike(logPt, LEAST_DOUBT));
            Value alphaT = ops.reduceSum(ops.mul(oneHot, alpha), false, 1);
            return ops.neg(ops.mul(ops.mul(alphaT, ops.pow(doubt, gamma)), logPt));
        }
    };

    /** Frozen parameter of {@link #FOCAL}, a scalar. */
    public static final String GAMMA = "focal.gamma";

    /** Frozen parameter of {@link #FOCAL}, [classes]. */
    public static final String ALPHA = "focal.alpha";

    private static final double LEAST_DOUBT = 1e-7;

    private final String label;

    LossHead(String label) {
        this.label = label;
    }

    abstract Value perExample(Ops ops, Value logP, Value oneHot);

    /** The name used in options and manifests. */
    @Override
    public String label() {
        return label;
    }

    public Graph graph(int classes) {
        GraphBuilder graph = new GraphBuilder("loss-" + label);
        Ops ops = new Ops(graph);
        Value logits = graph.input("logits", ElementType.FLOAT, Shape.of(Shape.DYNAMIC, classes));
        Value labels = graph.input("labels", ElementType.INT64, Shape.of(Shape.DYNAMIC));
        graph.scope("loss");
        Value losses = perExample(ops, ops.logSoftmax(logits, 1), ops.oneHot(labels, classes));
        graph.output("loss", ops.reduceMean(ofClasses(ops, losses, labels, classes), false, 0));
        return graph.build();
    }

    // A label of no class has an empty row in OneHot and so would cost nothing; -1 even counts as the last class there.
    private static Value ofClasses(Ops ops, Value losses, Value labels, int classes) {
        Value notANumber = ops.scalarLike(losses, Double.NaN);
        Value below = ops.where(ops.greater(ops.scalarLike(labels, classes), labels), losses, notANumber);
        return ops.where(ops.greater(labels, ops.scalarLike(labels, -1)), below, notANumber);
    }

    /**
     * The loss of that name.
     *
     * @throws ModelException where there is none
     */
    public static LossHead of(String label) {
        return Labelled.find(LossHead.class, "loss", label);
    }

    // log p of the true class, [batch].
    private static Value picked(Ops ops, Value logP, Value oneHot) {
        return ops.reduceSum(ops.mul(logP, oneHot), false, 1);
    }
}
