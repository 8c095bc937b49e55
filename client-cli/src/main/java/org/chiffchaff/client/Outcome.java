package org.chiffchaff.client;

import org.chiffchaff.v1.IdentifyResponse;

/** What became of one recording. */
sealed interface Outcome {
    /** The server's answer. */
    record Answered(Asked asked, IdentifyResponse response) implements Outcome {}

    /** Why there is none, with the name of what was asked. */
    record Failed(String reason) implements Outcome {}
}
