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
    private final FeatureSpec features;

    OnnxClassifier(OnnxModel model, FeatureSpec features) {
        this.model = model;
        this.features = features;
    }

    @Override
    public Scores classify(float[][] windows) {
        List<Tensor> outputs = model.run(FrontEnd.waveform(windows, features));
        return new Scores(
                outputs.get(0).rows(), outputs.get(1).rows(), outputs.get(2).rows());
    }
}
