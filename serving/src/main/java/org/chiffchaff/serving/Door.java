package org.chiffchaff.serving;

/** A port behind which the services answer. */
interface Door extends AutoCloseable {
    /** The port that is really listened on. */
    int port();

    /** Ends the requests that have not arrived whole, now and from now on. */
    void endUploads();

    /** Closes the port and every connection. */
    @Override
    void close();
}
