package org.chiffchaff.training.command;

import java.util.Optional;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.OrtLibrary;
import org.chiffchaff.training.TrainingException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where graphs run; shared by the commands that train and evaluate. */
final class DeviceOptions {
    static final String[] NAMES = {"--device", "--cuda-device", "--cuda-tf32", "--cuda-search", "--cuda-memory-mib"};

    private static final long MOST_MIB = Device.Cuda.NO_LIMIT >> 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu or cuda. auto is the CPU: CUDA has not been tried on a real GPU yet.")
    private Choice choice;

    @Option(
            names = "--cuda-device",
            paramLabel = "N",
            defaultValue = "0",
            description = "Which of several CUDA devices, as nvidia-smi counts them.")
    private int index;

    @Option(
            names = "--cuda-tf32",
            description = "Let matrix products and convolutions on CUDA round what they multiply to 10 bits, which is"
                    + " faster and less exact than the CPU.")
    private boolean tf32;

    @Option(
            names = "--cuda-search",
            paramLabel = "HOW",
            defaultValue = "heuristic",
            description = "How cuDNN's algorithm for a convolution is chosen. heuristic: by its rules. exhaustive: by"
                    + " trying all, which is slow at first and not the same at every start. default: one for all.")
    private Device.Search search;

    @Option(
            names = "--cuda-memory-mib",
            paramLabel = "N",
            defaultValue = "0",
            description = "The most memory of the CUDA device to use, in MiB; 0 for all there is.")
    private long memoryMib;

    private enum Choice {
        AUTO,
        CPU,
        CUDA
    }

    /** Adds those that do nothing beside what else was chosen. */
    void addIdle(IdleOptions idle) {
        if (choice != Choice.CUDA) {
            idle.add("without --device cuda", "--cuda-device", "--cuda-tf32", "--cuda-search", "--cuda-memory-mib");
        }
    }

    /** What was chosen, whether it is there or not. */
    Device chosen() {
        if (choice != Choice.CUDA) {
            return Device.CPU;
        }
        if (index < 0) {
            throw Usage.wrong(command, "cuda-device is " + index + "; expected at least 0");
        }
        if (memoryMib < 0 || memoryMib > MOST_MIB) {
            throw Usage.wrong(command, "cuda-memory-mib is " + memoryMib + "; expected 0 to " + MOST_MIB);
        }
        return new Device.Cuda(index, tf32, search, memoryMib == 0 ? Device.Cuda.NO_LIMIT : memoryMib << 20);
    }

    /** @throws TrainingException where no graph can run on it */
    static void require(Device device) {
        Optional<String> missing = device instanceof Device.Cuda cuda ? OrtLibrary.missing(cuda) : Optional.empty();
        if (missing.isPresent()) {
            throw new TrainingException("--device cuda, but no graph can run there: " + missing.get());
        }
    }
}
