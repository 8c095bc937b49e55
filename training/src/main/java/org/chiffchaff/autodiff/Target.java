package org.chiffchaff.autodiff;

/** The kind of device gradients are written for: where two forms are equal, each runs the one that suits it. */
public enum Target {
    /** Operators that split the batch between threads once. */
    CPU,
    /** Operators with CUDA kernels. */
    CUDA
}
