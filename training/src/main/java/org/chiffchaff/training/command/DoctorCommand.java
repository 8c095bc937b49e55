package org.chiffchaff.training.command;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.chiffchaff.audio.PcmStream;
import org.chiffchaff.cache.CacheException;
import org.chiffchaff.cache.CacheFolder;
import org.chiffchaff.cli.CachingSubcommand;
import org.chiffchaff.cli.Chiffchaff;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.OrtLibrary;
import org.chiffchaff.training.TrainingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What runs here. */
@Command(
        name = "doctor",
        description = "Says what works on this machine: folders, Java, ONNX Runtime, training, CUDA, FFmpeg.")
public final class DoctorCommand implements CachingSubcommand {
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
        line("cache", this::cache);
        line("features", () -> CacheFolder.of("features").toString());
        line("temporary", DoctorCommand::temporary);
        line(
                "onnxruntime",
                () -> OrtLibrary.environment().getVersion() + ", providers " + OrtEnvironment.getAvailableProviders()
                        + ", in " + OrtLibrary.folder());
        line("training", DoctorCommand::training);
        line(
                "cuda",
                () -> OrtLibrary.missing(Device.Cuda.of(0))
                        .map(reason -> "no: " + reason)
                        .orElse("works"));
        line("ffmpeg", () -> PcmStream.decoderVersion() + ", in " + PcmStream.decoderFolder());
        return healthy ? Chiffchaff.OK : Chiffchaff.FAILED;
    }

    private String cache() {
        CacheFolder chosen = CacheFolder.choose();
        chosen.passedOver().forEach(each -> print("", "passed over: " + each));
        return "%s (%s), can be written, %.1f GiB free"
                .formatted(chosen.path(), chosen.origin(), freeBytes(chosen.path()) / (double) (1L << 30));
    }

    private static long freeBytes(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Java's own: ONNX Runtime's classes make a folder there, whatever they are told.
    private static String temporary() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        if (!Files.isWritable(folder)) {
            throw new TrainingException(folder + " cannot be written, and ONNX Runtime makes a folder there; start by"
                    + " ./chiffchaff with CHIFFCHAFF_CACHE, or set -Djava.io.tmpdir");
        }
        return folder + ", can be written";
    }

    private static String training() {
        if (!OrtLibrary.environment().isTrainingEnabled()) {
            throw new TrainingException("another build of ONNX Runtime is in the way");
        }
        return "enabled";
    }

    // One thing that does not run must not hide what the others say.
    private void line(String what, Supplier<String> found) {
        try {
            print(what, found.get());
        } catch (CacheException e) {
            healthy = false;
            print(what, "MISSING: " + (what.equals("cache") ? e.getMessage() : "a cache folder, see above"));
        } catch (RuntimeException | LinkageError e) {
            healthy = false;
            print(what, "MISSING: " + reason(e));
        }
    }

    // A library that cannot be loaded is an Error, whose reason lies beneath those of the classes that needed it.
    private static String reason(Throwable failure) {
        if (failure.getCause() != null) {
            return reason(failure.getCause());
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private void print(String what, String words) {
        spec.commandLine().getOut().printf("%-12s %s%n", what, words);
    }
}
