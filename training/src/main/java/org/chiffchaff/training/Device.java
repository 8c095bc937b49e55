package org.chiffchaff.training;

import java.util.Optional;
import org.chiffchaff.autodiff.Target;
import org.chiffchaff.onnx.OrtLibrary;

/** Where to train, as the option says it. */
enum Device {
    AUTO,
    CPU,
    CUDA;

    /**
     * The device there is.
     *
     * @throws TrainingException where CUDA is asked for and cannot be had
     */
    Target resolve() {
        if (this == CPU) {
            return Target.CPU;
        }
        Optional<String> missing = OrtLibrary.cudaMissing();
        if (this == CUDA && missing.isPresent()) {
            throw new TrainingException(
                    "--device cuda, but no graph can run there: " + missing.get()
                            + ". The build with CUDA is made by ./mvnw -Pcuda package, on Linux or Windows with an x86-64 processor");
        }
        return missing.isEmpty() ? Target.CUDA : Target.CPU;
    }
}
