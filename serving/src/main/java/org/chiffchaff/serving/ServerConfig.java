package org.chiffchaff.serving;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How a server listens and what it takes on.
 *
 * @param host name or address to listen on
 * @param port HTTP and gRPC; 0 for any free one
 * @param grpcPort a second port, gRPC only and carried by grpc-java
 * @param threads that decode and infer
 * @param maxWaiting recordings that wait for their turn, beside one for each thread
 * @param maxRecordingBytes of one encoded recording
 * @param maxHeldBytes of all encoded recordings together: arriving, waiting and at work
 * @param patience how long an upload may rest and, on the first port, a reader
 * @param grace how long a stop waits for the calls in flight
 */
public record ServerConfig(
        String host,
        int port,
        OptionalInt grpcPort,
        int threads,
        int maxWaiting,
        int maxRecordingBytes,
        long maxHeldBytes,
        Duration patience,
        Duration grace) {
    // What a request holds besides the recording: a name, a few numbers.
    static final int MESSAGE_SLACK_BYTES = 64 << 10;

    static final Duration PATIENCE = Duration.ofSeconds(60);

    public ServerConfig {
        require("port", port, 0, 65535);
        grpcPort.ifPresent(second -> require("grpc port", second, 0, 65535));
        require("number of threads", threads, 1, 1024);
        require("number of waiting recordings", maxWaiting, 1, 1 << 20);
        require("number of bytes of a recording", maxRecordingBytes, 1, 1 << 30);
        if (maxHeldBytes < maxRecordingBytes) {
            throw new ServingException(
                    ServingException.Kind.START,
                    "The bytes of all recordings together are " + maxHeldBytes + "; expected at least those of one, "
                            + maxRecordingBytes);
        }
    }

    /** With room for recordings as {@link #roomyBytes} has it, and a minute's patience. */
    public ServerConfig(
            String host,
            int port,
            OptionalInt grpcPort,
            int threads,
            int maxWaiting,
            int maxRecordingBytes,
            Duration grace) {
        this(
                host,
                port,
                grpcPort,
                threads,
                maxWaiting,
                maxRecordingBytes,
                roomyBytes(maxRecordingBytes),
                PATIENCE,
                grace);
    }

    /**
     * A quarter of Java's heap, where a recording lies in one piece, which the collector needs room to place; but room for
     * one in any case.
     */
    static long roomyBytes(int maxRecordingBytes) {
        return Math.max(Runtime.getRuntime().maxMemory() / 4, maxRecordingBytes);
    }

    int maxMessageBytes() {
        return maxRecordingBytes + MESSAGE_SLACK_BYTES;
    }

    private static void require(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ServingException(
                    ServingException.Kind.START,
                    "The " + what + " is " + value + "; expected " + least + " to " + most);
        }
    }
}
