package org.chiffchaff.training;

import ai.onnxruntime.OrtEnvironment;
import java.util.function.Supplier;
import org.chiffchaff.audio.PcmStream;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.cli.Subcommand;
import org.chiffchaff.onnx.OrtLibrary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What runs here. */
@Command(name = "doctor", description = "Says what works on this machine: Java, ONNX Runtime, training, CUDA, FFmpeg.")
public final class DoctorCommand implements Subcommand {
    @Spec
    private CommandSpec spec;

    private boolean healthy = true;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(Chiffchaff.version());
        line("java", () -> Runtime.version() + ", " + System.getProperty("java.vendor"));
        line(
                "system",
                () -> System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors");
        line(
                "onnxruntime",
                () -> OrtLibrary.environment().getVersion() + ", providers " + OrtEnvironment.getAvailableProviders());
        line("training", DoctorCommand::training);
        line(
                "cuda",
                () -> OrtLibrary.cudaMissing().map(reason -> "no: " + reason).orElse("works"));
        line("ffmpeg", PcmStream::decoderVersion);
        return healthy ? Chiffchaff.OK : Chiffchaff.FAILED;
    }

    private static String training() {
        if (!OrtLibrary.environment().isTrainingEnabled()) {
            throw new TrainingException("another build of ONNX Runtime is in the way");
        }
        return "enabled";
    }

    // One thing that does not run must not hide what the others say. A library that cannot be loaded is an Error.
    private void line(String what, Supplier<String> found) {
        String words;
        try {
            words = found.get();
        } catch (RuntimeException | LinkageError e) {
            healthy = false;
            words = "MISSING: " + e.getMessage();
        }
        spec.commandLine().getOut().printf("%-12s %s%n", what, words);
    }
}
