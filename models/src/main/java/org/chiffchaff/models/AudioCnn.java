package org.chiffchaff.models;

import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.onnx.Value;

/**
 * AudioCNN: four blocks of 3x3 convolution, batch normalisation and ReLU, halved by max-pooling after all but the last;
 * global average pooling; 256 hidden units; dropout; one logit per class. 478,041 parameters for 89 classes.
 *
 * <p>The normalisation undoes the bias of the convolution before it: its gradient is zero but for rounding, and as biases
 * do not decay, nothing pulls at it. These 480 parameters stay all the same, as the published network has them: it keeps
 * its parameter count, and weights and gradients can be compared with PyTorch's name by name.
 */
final class AudioCnn {
    private static final int[] CHANNELS = {32, 64, 128, 256};
    private static final int HIDDEN = 256;
    private static final int KERNEL = 3;
    private static final float EPSILON = 1e-5f;

    /** Weight of the old running statistics at each step; PyTorch calls the complement, 0.1, its momentum. */
    private static final float MOMENTUM = 0.9f;

    private final Ops ops;
    private final HeInitialiser initialiser;

    private AudioCnn(Ops ops, long seed) {
        this.ops = ops;
        this.initialiser = new HeInitialiser(seed);
    }

    /**
     * {@code features} [batch, 3, coefficients, frames] to {@code logits} [batch, classes] and {@code embedding}
     * [batch, 256].
     */
    static Graph graph(NetworkSettings settings) {
        GraphBuilder graph = new GraphBuilder("audiocnn");
        AudioCnn model = new AudioCnn(new Ops(graph), settings.seed());
        Value x = Standardisation.apply(model.ops, settings.features());
        for (int block = 1; block <= CHANNELS.length; block++) {
            x = model.block(x, block);
        }
        graph.scope("head");
        Value pooled = model.ops.flatten(model.ops.globalAveragePool(x));
        Value embedding = model.ops.relu(model.linear("fc1", pooled, HIDDEN));
        Value dropped = settings.dropout() > 0 ? model.ops.dropout(embedding, settings.dropout()) : embedding;
        graph.output("logits", model.linear("fc2", dropped, settings.classes()));
        graph.output("embedding", embedding);
        return graph.build();
    }

    // ReLU follows the pooling: the greatest of a tile stays the greatest under ReLU, and there is a quarter of the
    // work left.
    private Value block(Value x, int block) {
        ops.graph().scope("block" + block);
        long channels = CHANNELS[block - 1];
        Value weight = weight("conv" + block + ".weight", channels, x.shape().dim(1), KERNEL, KERNEL);
        Value bias = parameter("conv" + block + ".bias", 0, channels);
        Value normalised =
                batchNormalization(ops.conv(x, weight, bias, KERNEL / 2, KERNEL / 2), "bn" + block, channels);
        return ops.relu(block < CHANNELS.length ? ops.maxPool(normalised, 2) : normalised);
    }

    private Value batchNormalization(Value x, String name, long channels) {
        Value scale = parameter(name + ".scale", 1, channels);
        Value bias = parameter(name + ".bias", 0, channels);
        Value mean = ops.graph().parameter(name + ".mean", Tensor.filled(0, channels), false);
        Value variance = ops.graph().parameter(name + ".variance", Tensor.filled(1, channels), false);
        return ops.batchNormalization(x, scale, bias, mean, variance, EPSILON, MOMENTUM);
    }

    private Value linear(String name, Value x, long outputs) {
        Value weight = weight(name + ".weight", outputs, x.shape().dim(1));
        return ops.linear(x, weight, parameter(name + ".bias", 0, outputs));
    }

    private Value weight(String name, long... dims) {
        return ops.graph().parameter(name, initialiser.weight(name, dims), true);
    }

    private Value parameter(String name, float value, long... dims) {
        return ops.graph().parameter(name, Tensor.filled(value, dims), true);
    }
}
