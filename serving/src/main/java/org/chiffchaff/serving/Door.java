package org.chiffchaff.serving;

/** A port behind which the services answer. */
interface Door extends AutoCloseable {
    /** The port that is really listened on. */
    int port();

    /** Closes the port and every connection. */
    @Override
    void close();
}
