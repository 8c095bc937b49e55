package org.chiffchaff.training.run;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.chiffchaff.models.BundleWriter;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.FrontEnd;
import org.chiffchaff.models.Labels;
import org.chiffchaff.models.Manifest;
import org.chiffchaff.models.ModelGraph;
import org.chiffchaff.models.Scores;
import org.chiffchaff.models.SelfCheck;
import org.chiffchaff.models.Softmax;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.Graph;
import org.chiffchaff.onnx.OnnxFile;
import org.chiffchaff.onnx.OnnxModel;
import org.chiffchaff.onnx.OrtLibrary;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.training.session.Checkpoint;
import org.chiffchaff.training.session.OrtTrainer;
import tools.jackson.databind.json.JsonMapper;

/** From a checkpoint to a model bundle. */
public final class Bundles {
    private static final int CHECKED_WINDOWS = 3;

    private Bundles() {}

    /**
     * Writes a checkpoint of a run as a bundle.
     *
     * @param root folder of models: the bundle goes to {@code root/NAME/version}
     * @return the bundle's folder
     */
    public static Path write(
            RunFolder folder, RunFolder.Kept kept, Path root, String version, BundleWriter.Existing existing) {
        RunDescription run = folder.description();
        RunProgress progress = folder.progress();
        boolean best = kept == RunFolder.Kept.BEST;
        Labels labels = Labels.ofFolders(run.labels());
        Graph network = trained(run.network(), Checkpoint.read(folder.checkpoint(kept)));
        Manifest manifest = new Manifest(
                run.name(),
                version,
                run.plan().network().architecture().label(),
                network.parameterCount(),
                run.plan().features(),
                provenance(run, best ? progress.best() + 1 : progress.epoch()),
                Manifest.Calibration.NONE,
                best ? folder.testFigures() : Map.of(),
                libraries());
        Graph model = ModelGraph.compose(run.plan().features(), network);
        byte[] file = OnnxFile.bytes(model, OnnxFile.Parameters.INSIDE, metadata(run));
        try (OrtTrainer trainer = folder.trainer(kept, Device.CPU)) {
            SelfCheck selfCheck = selfCheck(run.plan().features(), trainer);
            return new BundleWriter(root)
                    .write(manifest, file, labels, selfCheck, ModelCard.of(manifest, labels), existing);
        }
    }

    private static Graph trained(Graph network, Checkpoint checkpoint) {
        Map<String, Tensor> values = new TreeMap<>();
        network.parameters().forEach(each -> values.put(each.name(), checkpoint.parameter(each.name())));
        return network.withParameters(values);
    }

    // The keys other tools of the field read (OpenSoundscape's ONNX models).
    private static Map<String, String> metadata(RunDescription run) {
        FeatureSpec features = run.plan().features();
        Map<String, String> pairs = new TreeMap<>();
        pairs.put("sample_rate", Integer.toString(features.sampleRate()));
        pairs.put("sample_duration", Double.toString(features.windowSeconds()));
        pairs.put("classes", new JsonMapper().writeValueAsString(run.labels()));
        pairs.put("class_outputs_key", "logits");
        pairs.put("embedding_outputs_key", "embedding");
        return pairs;
    }

    private static Map<String, String> libraries() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("java", Runtime.version().toString());
        versions.put("onnxruntime", OrtLibrary.environment().getVersion());
        return versions;
    }

    // What the windows must give comes from the graphs that trained, front-end first, not from the graph that is
    // shipped.
    private static SelfCheck selfCheck(FeatureSpec features, OrtTrainer trainer) {
        float[][] windows = SelfCheck.windows(features, CHECKED_WINDOWS);
        try (OnnxModel frontEnd = OnnxModel.load(FrontEnd.graph(features), 1)) {
            Tensor input = frontEnd.run(FrontEnd.waveform(windows, features)).getFirst();
            OrtTrainer.Evaluation found =
                    trainer.evaluate(input, Tensor.of(new long[CHECKED_WINDOWS], CHECKED_WINDOWS));
            float[][] logits = found.logits().rows();
            float[][] probabilities = new float[CHECKED_WINDOWS][];
            for (int i = 0; i < CHECKED_WINDOWS; i++) {
                probabilities[i] = Softmax.of(logits[i]);
            }
            return new SelfCheck(
                    windows, new Scores(probabilities, logits, found.embedding().rows()));
        }
    }

    private static Manifest.Training provenance(RunDescription run, int epochs) {
        TrainPlan plan = run.plan();
        Map<String, String> hyperparameters = new TreeMap<>();
        hyperparameters.put("batch-size", Integer.toString(plan.batches().size()));
        hyperparameters.put("grad-accumulation", Integer.toString(plan.batches().perStep()));
        hyperparameters.put("clip-norm", Float.toString(plan.optimizer().clipNorm()));
        hyperparameters.put("lr", Float.toString(plan.schedule().learningRate()));
        hyperparameters.put("warmup-epochs", Integer.toString(plan.schedule().warmupEpochs()));
        hyperparameters.put("scheduler", plan.schedule().scheduler().toString());
        hyperparameters.put("weight-decay", Float.toString(plan.optimizer().weightDecay()));
        hyperparameters.put("dropout", Float.toString(plan.network().dropout()));
        hyperparameters.put("patience", Integer.toString(plan.stop().patience()));
        hyperparameters.put("channel", run.channel());
        hyperparameters.put("overlap", Double.toString(plan.overlapSeconds()));
        return new Manifest.Training(
                Path.of(run.data()).getFileName().toString(),
                run.recordings(),
                run.windows(),
                plan.loss().text(),
                epochs,
                plan.seed(),
                hyperparameters,
                LocalDate.now(ZoneOffset.UTC).toString());
    }
}
