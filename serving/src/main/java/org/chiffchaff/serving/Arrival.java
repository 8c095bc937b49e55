package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;

/** A request on its way in, by whichever door. Found in the call's context. */
interface Arrival {
    Context.Key<Arrival> KEY = Context.key("arrival");

    /**
     * The bytes of the request's message, in one piece that is nobody else's.
     *
     * @param message the same as the transport hands it on
     */
    byte[] bytes(InputStream message) throws IOException;

    /** Answers the call with this; nobody is to work on its request. */
    void refuse(StatusRuntimeException refusal);
}
