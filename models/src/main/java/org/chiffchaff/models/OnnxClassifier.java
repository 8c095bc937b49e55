package org.chiffchaff.models;

import java.util.List;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.Tensor;

/** A {@link Classifier} that runs a bundle's graph. */
final class OnnxClassifier implements Classifier {
    // The graph's input and outputs, in this order.
    static final String WAVEFORM = "waveform";
    static final String PROBABILITIES = "probabilities";
    static final String LOGITS = "logits";
    static final String EMBEDDING = "embedding";

    private final OnnxModel model;
    private final int windowSamples;

    OnnxClassifier(OnnxModel model, int windowSamples) {
        this.model = model;
        this.windowSamples = windowSamples;
    }

    @Override
    public Scores classify(float[][] windows) {
        float[] waveform = new float[windows.length * windowSamples];
        for (int i = 0; i < windows.length; i++) {
            if (windows[i].length != windowSamples) {
                throw new ModelException(
                        "Window " + i + " has " + windows[i].length + " samples; this model takes " + windowSamples);
            }
            System.arraycopy(windows[i], 0, waveform, i * windowSamples, windowSamples);
        }
        List<Tensor> outputs = model.run(Tensor.of(waveform, windows.length, windowSamples));
        return new Scores(
                outputs.get(0).rows(), outputs.get(1).rows(), outputs.get(2).rows());
    }
}
