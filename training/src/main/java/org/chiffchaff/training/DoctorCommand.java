package org.chiffchaff.training;

import ai.onnxruntime.OrtEnvironment;
import java.io.PrintWriter;
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

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        OrtEnvironment runtime = OrtLibrary.environment();
        boolean training = runtime.isTrainingEnabled();
        out.println(Chiffchaff.version());
        line(out, "java", Runtime.version() + ", " + System.getProperty("java.vendor"));
        line(
                out,
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors");
        line(out, "onnxruntime", runtime.getVersion() + ", providers " + OrtEnvironment.getAvailableProviders());
        line(out, "training", training ? "enabled" : "MISSING: another build of ONNX Runtime is in the way");
        line(out, "cuda", OrtLibrary.cudaAvailable() ? "in this build" : "not in this build (./mvnw -Pcuda package)");
        line(out, "ffmpeg", PcmStream.decoderVersion());
        return training ? Chiffchaff.OK : Chiffchaff.FAILED;
    }

    private static void line(PrintWriter out, String what, Object found) {
        out.printf("%-12s %s%n", what, found);
    }
}
