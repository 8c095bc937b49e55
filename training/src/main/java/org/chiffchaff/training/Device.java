package org.chiffchaff.training;

import ai.onnxruntime.OrtEnvironment;
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
        boolean cuda = this != CPU && OrtLibrary.cudaAvailable();
        if (this == CUDA && !cuda) {
            throw new TrainingException("--device cuda, but this build of ONNX Runtime offers only "
                    + OrtEnvironment.getAvailableProviders()
                    + "; build with ./mvnw -Pcuda package on Linux or Windows with an x86-64 processor");
        }
        return cuda ? Target.CUDA : Target.CPU;
    }
}
