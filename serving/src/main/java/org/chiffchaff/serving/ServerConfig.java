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
 * @param limits of recordings, answers and calls
 * @param pace at which requests have to arrive
 * @param grace how long a stop waits for the calls in flight
 */
public record ServerConfig(
        String host,
        int port,
        OptionalInt grpcPort,
        int threads,
        int maxWaiting,
        Limits limits,
        UploadPace pace,
        Duration grace) {
    // What a request holds besides the recording: a name, a few numbers.
    static final int MESSAGE_SLACK_BYTES = 64 << 10;

    public ServerConfig {
        require("port", port, 0, 65535);
        grpcPort.ifPresent(second -> require("grpc port", second, 0, 65535));
        require("number of threads", threads, 1, 1024);
        require("number of waiting recordings", maxWaiting, 1, 1 << 20);
    }

    /** With the default limits for recordings of up to so many bytes, and the default pace. */
    public ServerConfig(
            String host,
            int port,
            OptionalInt grpcPort,
            int threads,
            int maxWaiting,
            int maxRecordingBytes,
            Duration grace) {
        this(host, port, grpcPort, threads, maxWaiting, Limits.of(maxRecordingBytes), UploadPace.STANDARD, grace);
    }

    /** The time of a call from its first frame to its last: its upload, the work, and as long as the upload to be read. */
    Duration longestStream() {
        return pace.longest().multipliedBy(2).plus(limits.longestCall());
    }

    static void require(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ServingException(
                    ServingException.Kind.START,
                    "The " + what + " is " + value + "; expected " + least + " to " + most);
        }
    }
}
