package org.chiffchaff.serving;

import io.grpc.StatusRuntimeException;
import java.util.Optional;

/** The HTTP/2 stream under a call on Helidon's port, for what only the stream knows. */
interface Upload extends Arrival {

    /** Why nobody is to work on the request, if so. Known once the request has ended. */
    Optional<StatusRuntimeException> refusal();

    /** Whether nothing can be written any more: the client has cancelled, or is gone. */
    boolean over();

    /** Tells the stream that nothing more can be written, so that its thread may end. */
    void lost();
}
