package org.chiffchaff.training.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.data.Dataset;
import org.chiffchaff.data.Recording;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.LossHead;
import org.chiffchaff.models.TestBundles;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.HashStream;
import org.chiffchaff.training.feed.Damaged;
import org.chiffchaff.training.feed.Examples;
import org.chiffchaff.training.feed.Features;
import org.chiffchaff.training.session.OrtTrainer;
import org.chiffchaff.training.session.TrainingArtifacts;

/** A run small enough to be repeated: the real network on windows of one second, whose features are made up. */
public final class TinyRun {
    public static final FeatureSpec SPEC = TestBundles.FEATURES;
    static final List<String> SPECIES = List.of("chiffchaff", "goldcrest", "wren");

    private TinyRun() {}

    public static TrainPlan plan(int epochs, int patience) {
        return plan(epochs, patience, 6);
    }

    public static TrainPlan plan(int epochs, int patience, int batchSize) {
        return plan(epochs, patience, batchSize, 1);
    }

    public static TrainPlan plan(int epochs, int patience, int batchSize, int perStep) {
        return new TrainPlan(
                SPEC,
                0,
                new TrainPlan.Network(Architecture.AUDIOCNN, 0.5f),
                new TrainPlan.Loss(LossHead.FOCAL, 2, 0.25f),
                new TrainPlan.Batches(batchSize, perStep),
                new TrainPlan.Optimizer(1e-4f, 0),
                new TrainPlan.Schedule(1e-3f, 1, LearningRate.Scheduler.COSINE),
                new TrainPlan.Stop(epochs, patience),
                42,
                2);
    }

    public static RunDescription description(TrainPlan plan) {
        return new RunDescription(
                "tiny", "songs", Dataset.Layout.FLAT, Damaged.USE, "mix", "cache", SPECIES, List.of(), 0, 0, plan);
    }

    /** A session at the first weights of the run. */
    public static OrtTrainer begin(RunFolder folder, TrainPlan plan) {
        try {
            TrainingArtifacts.Paths files = TrainingArtifacts.of(
                            description(plan).network(),
                            plan.loss().graph(SPECIES.size()),
                            plan.optimizer().adamW(),
                            Device.CPU)
                    .write(folder.artifacts());
            return OrtTrainer.open(files, files.checkpoint(), Device.CPU, plan.threads());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A session at the run's last checkpoint. */
    static OrtTrainer resume(RunFolder folder, TrainPlan plan) {
        Path last = folder.checkpoint(RunFolder.Kept.LAST);
        return OrtTrainer.open(TrainingArtifacts.Paths.in(folder.artifacts()), last, Device.CPU, plan.threads());
    }

    /** Noise in which each species has a band of its own, two windows per recording. */
    public static Examples examples(int recordings, int stream) {
        List<Examples.Source> sources = new ArrayList<>();
        for (int recording = 0; recording < recordings; recording++) {
            int label = recording % SPECIES.size();
            Recording source = new Recording(SPECIES.get(label) + "/" + recording, SPECIES.get(label), "" + recording);
            sources.add(new Examples.Source(source, Channel.MIX, features(2, label, 100 * stream + recording), label));
        }
        return Examples.of(SPEC, sources);
    }

    /** Features in memory. */
    public record Held(ByteBuffer bytes, FeatureSpec spec) implements Features {
        @Override
        public int windows() {
            return bytes.capacity() / windowBytes();
        }

        @Override
        public void read(int window, ByteBuffer into) {
            into.put(bytes.slice(window * windowBytes(), windowBytes()));
        }

        @Override
        public int windowBytes() {
            return spec.featureSize() * Float.BYTES;
        }

        /** All of what was read from a recording's features. */
        public static ByteBuffer all(Features features, FeatureSpec spec) {
            ByteBuffer bytes = ByteBuffer.allocate(features.windows() * spec.featureSize() * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int window = 0; window < features.windows(); window++) {
                features.read(window, bytes);
            }
            return bytes.flip();
        }
    }

    private static Features features(int windows, int label, int stream) {
        int size = windows * SPEC.featureSize();
        ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.range(0, size).forEach(i -> {
            int coefficient = i / SPEC.frames() % SPEC.coefficients();
            double band = coefficient % SPECIES.size() == label ? 0.5 : 0;
            bytes.putFloat(i * Float.BYTES, (float) (HashStream.uniform(i, stream) + band));
        });
        return new Held(bytes, SPEC);
    }

    /** Hears nothing. */
    static final TrainingListener SILENT = new TrainingListener() {
        @Override
        public void onStep(RunProgress progress) {}

        @Override
        public void onEpoch(RunProgress progress, boolean best) {}
    };
}
