package org.chiffchaff.training.command;

import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.LossHead;
import org.chiffchaff.training.feed.Damaged;
import org.chiffchaff.training.run.LearningRate;
import org.chiffchaff.training.run.TrainPlan;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that make a {@link TrainPlan}. */
final class PlanOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--model", paramLabel = "NAME", defaultValue = "audiocnn", description = "Network.")
    private String model;

    @Mixin
    private FeatureOptions features;

    @Option(
            names = "--loss-type",
            paramLabel = "LOSS",
            defaultValue = "cross-entropy",
            description = "cross-entropy or focal.")
    private String loss;

    @Option(
            names = "--focal-gamma",
            paramLabel = "GAMMA",
            defaultValue = "2",
            description = "How little windows count that are easy to tell; 0 as much as any other.")
    private float gamma;

    @Option(
            names = "--focal-alpha",
            paramLabel = "ALPHA",
            defaultValue = "0.25",
            description = "Weight of the focal loss.")
    private float alpha;

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            defaultValue = "0.3",
            description = "Share of the embedding set to zero in each step, another one each time.")
    private float dropout;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "50", description = "Times through the data, at most.")
    private int epochs;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Windows per step. Default: 64; 32 or 16 where an epoch would have fewer than 8 steps.")
    private Integer batchSize;

    @Option(
            names = "--grad-accumulation",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Batches per step: their gradients are added up as if they were one large batch, in the memory"
                            + " of one. Batch normalisation still sees each batch alone.")
    private int gradAccumulation;

    @Option(names = "--lr", paramLabel = "RATE", defaultValue = "1e-3", description = "Highest learning rate of AdamW.")
    private float learningRate;

    @Option(
            names = "--warmup-epochs",
            paramLabel = "N",
            defaultValue = "5",
            description = "Epochs over which the learning rate rises; at most a tenth of the run.")
    private int warmup;

    @Option(
            names = "--scheduler",
            paramLabel = "NAME",
            defaultValue = "cosine",
            description = "The learning rate after that: cosine (falls to 0) or constant.")
    private LearningRate.Scheduler scheduler;

    @Option(
            names = "--weight-decay",
            paramLabel = "SHARE",
            defaultValue = "1e-4",
            description = "Weight decay of AdamW; biases and normalisation do not decay.")
    private float weightDecay;

    @Option(
            names = "--clip-norm",
            paramLabel = "LENGTH",
            defaultValue = "0",
            description = "Shortens the gradient of a step to this Euclidean length where it is longer; 0 for never.")
    private float clipNorm;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "Epochs without a better one before training ends; only with a validation part. An epoch is as"
                            + " good as its macro-F1 there, or as the mean of the last five up to it where that is smaller.")
    private int patience;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Of all that is random.")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads of a step; 0 for one per core.")
    private int threads;

    Damaged damaged() {
        return features.damaged();
    }

    String channel() {
        return Usage.checked(command, features::channel);
    }

    int epochs() {
        return epochs;
    }

    /** Adds those that do nothing beside what else was chosen. */
    void addIdle(IdleOptions idle) {
        if (!LossHead.of(loss).equals(LossHead.FOCAL)) {
            idle.add("with --loss-type " + loss, "--focal-gamma", "--focal-alpha");
        }
    }

    long seed() {
        return seed;
    }

    TrainPlan plan() {
        return Usage.checked(command, this::checked);
    }

    private TrainPlan checked() {
        if (batchSize != null) {
            TrainPlan.requireBatchSize(batchSize, features.spec());
        }
        return new TrainPlan(
                features.spec(),
                features.overlapSeconds(),
                new TrainPlan.Network(Architecture.of(model), dropout),
                new TrainPlan.Loss(LossHead.of(loss), gamma, alpha),
                new TrainPlan.Batches(batchSize == null ? 0 : batchSize, gradAccumulation),
                new TrainPlan.Optimizer(weightDecay, clipNorm),
                new TrainPlan.Schedule(learningRate, warmup, scheduler),
                new TrainPlan.Stop(epochs, patience),
                seed,
                threads);
    }
}
