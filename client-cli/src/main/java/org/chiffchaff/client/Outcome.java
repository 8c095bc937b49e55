package org.chiffchaff.client;

import java.nio.file.Path;
import org.chiffchaff.v1.IdentifyResponse;

/** What became of one recording. */
sealed interface Outcome {
    /** The server's answer. */
    record Answered(Path file, IdentifyResponse response) implements Outcome {}

    /** Why there is none, with the file's name. */
    record Failed(String reason) implements Outcome {}
}
