package org.chiffchaff.benchmarks;

/** A measurement cannot be made; the message says what was found, what was expected and where. */
public final class BenchmarkException extends RuntimeException {
    BenchmarkException(String message) {
        super(message);
    }

    BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }
}
