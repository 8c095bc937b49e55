package org.chiffchaff.serving;

import io.grpc.Metadata;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time a caller gives a call, as gRPC writes it: a header of one to eight digits and a letter. */
final class CallTimeout {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> MALFORMED =
            Metadata.Key.of("chiffchaff-malformed-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern TIME = Pattern.compile("([0-9]{1,8})([HMSmun])");
    // What is longer does not fit into nanoseconds.
    private static final Duration LONGEST = Duration.ofDays(365);

    private CallTimeout() {}

    /**
     * Puts a malformed header aside for {@link #fault}: grpc-java's transport would throw at it, which becomes a stack trace
     * in the log and no status for the caller.
     */
    static void keepFromTransport(Metadata headers) {
        headers.discardAll(MALFORMED);
        String text = headers.get(HEADER);
        if (text != null && !TIME.matcher(text).matches()) {
            headers.discardAll(HEADER);
            headers.put(MALFORMED, text);
        }
    }

    /** Cuts the time to this one, and gives it to a call without; the header must not be malformed. */
    static void cut(Metadata headers, Duration most) {
        if (of(headers).filter(time -> time.compareTo(most) <= 0).isEmpty()) {
            headers.discardAll(HEADER);
            headers.put(HEADER, Math.min(most.toSeconds(), LONGEST.toSeconds()) + "S");
        }
    }

    /** What is wrong with the header, if anything is. */
    static Optional<ServingException> fault(Metadata headers) {
        return Optional.ofNullable(headers.get(MALFORMED))
                .map(text -> Question.bad("grpc-timeout is '" + Question.quoted(text)
                        + "'; expected one to eight digits and one of HMSmun"));
    }

    /** The time, if the caller gives one. */
    static Optional<Duration> of(Metadata headers) {
        return Optional.ofNullable(headers.get(HEADER))
                .map(TIME::matcher)
                .filter(Matcher::matches)
                .map(time -> duration(Long.parseLong(time.group(1)), time.group(2)))
                .map(time -> time.compareTo(LONGEST) > 0 ? LONGEST : time);
    }

    private static Duration duration(long count, String letter) {
        return switch (letter) {
            case "H" -> Duration.ofHours(count);
            case "M" -> Duration.ofMinutes(count);
            case "S" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMillis(count);
            case "u" -> Duration.ofNanos(count * 1_000);
            default -> Duration.ofNanos(count);
        };
    }
}
