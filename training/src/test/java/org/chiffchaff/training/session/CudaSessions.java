package org.chiffchaff.training.session;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtTrainingSession;
import java.io.IOException;
import java.nio.file.Path;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.LossHead;
import org.chiffchaff.models.NetworkSettings;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.OrtLibrary;

/**
 * A process of its own, as the folder of NVIDIA's libraries must be known before Java starts and ONNX Runtime tells of
 * its placement only in its log: opens the sessions of training on CUDA for every network and every loss. With the word
 * {@code doctor}, it says instead where the native library lies, and why no graph can run on the first device, nor on
 * the eighth.
 */
final class CudaSessions {
    private static final Device.Cuda DEVICE = Device.Cuda.of(0);
    private static final int CLASSES = 10;

    private CudaSessions() {}

    /** @param args {@code doctor}, or a folder for training artifacts */
    public static void main(String[] args) throws IOException, OrtException {
        if (args[0].equals("doctor")) {
            System.out.println(OrtLibrary.folder());
            System.out.println(OrtLibrary.missing(DEVICE).orElse("it can"));
            System.out.println(OrtLibrary.missing(Device.Cuda.of(7)).orElse("it can"));
            return;
        }
        for (Architecture network : Architecture.values()) {
            for (LossHead head : LossHead.values()) {
                String name = network.label() + " with " + head.label();
                open(name, artifacts(network, head).write(Path.of(args[0]).resolve(name)));
            }
        }
    }

    private static TrainingArtifacts artifacts(Architecture network, LossHead head) {
        FeatureSpec features = FeatureSpec.standard(FeatureSpec.Normalise.DATASET);
        return TrainingArtifacts.of(
                network.graph(new NetworkSettings(features, CLASSES, 0.5f, 1)),
                head.graph(CLASSES),
                AdamW.of(1e-4f, 1),
                DEVICE);
    }

    private static void open(String name, TrainingArtifacts.Paths files) throws OrtException {
        try (OrtSession.SessionOptions options = OrtLibrary.options(1, DEVICE)) {
            options.setLoggerId(name);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_VERBOSE);
            OrtTrainingSession session = OrtLibrary.environment()
                    .createTrainingSession(
                            files.checkpoint().toString(),
                            files.training().toString(),
                            files.evaluation().toString(),
                            files.optimizer().toString(),
                            options);
            session.close();
        }
    }
}
