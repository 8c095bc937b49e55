package org.chiffchaff.onnx;

/** What the graphs of a session run on. */
public sealed interface Device {
    /** The processor, which every build of ONNX Runtime serves. */
    Device CPU = new Cpu();

    /** How it is named to people. */
    String label();

    /** The processor; {@link #CPU} is the only one there need be. */
    record Cpu() implements Device {
        @Override
        public String label() {
            return "CPU";
        }
    }

    /**
     * A graphics processor of NVIDIA's, by ONNX Runtime's CUDA provider.
     *
     * @param index of the device, as NVIDIA's driver counts them, from 0
     * @param tf32 whether products of float32 matrices and convolutions may round their inputs to 10 bits of mantissa,
     *     which is faster; without it the figures are those of the CPU but for the order of sums
     * @param search how the algorithm of a convolution is chosen
     * @param memoryLimitBytes the most that one session's arena takes of the device's memory; {@link #NO_LIMIT} for
     *     all there is
     */
    record Cuda(int index, boolean tf32, Search search, long memoryLimitBytes) implements Device {
        public static final long NO_LIMIT = Long.MAX_VALUE;

        /**
         * The device of that index, at its most exact and most repeatable: no TF32, no search whose winner depends on
         * what else the device does.
         */
        public static Cuda of(int index) {
            return new Cuda(index, false, Search.HEURISTIC, NO_LIMIT);
        }

        public Cuda {
            if (index < 0) {
                throw new OnnxException("CUDA device is " + index + "; expected 0 or more");
            }
            if (memoryLimitBytes <= 0) {
                throw new OnnxException("The memory limit of CUDA device " + index + " is " + memoryLimitBytes
                        + " bytes; expected more than none");
            }
        }

        @Override
        public String label() {
            return "CUDA device " + index;
        }
    }

    /** How cuDNN's algorithm for a convolution is chosen, once for each shape it meets. */
    enum Search {
        /** By cuDNN's rules: at once. */
        HEURISTIC,
        /** By trying all of them: slow at first, then often the fastest, and not the same at every start. */
        EXHAUSTIVE,
        /** One and the same for every shape. */
        DEFAULT
    }
}
