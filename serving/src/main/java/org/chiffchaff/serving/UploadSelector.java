package org.chiffchaff.serving;

import io.helidon.http.HttpPrologue;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2StreamWriter;
import io.helidon.http.http2.StreamFlowControl;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import io.helidon.webserver.http2.spi.SubProtocolResult;
import java.util.Set;

/**
 * Puts an {@link UploadStream} in front of every stream that Helidon's gRPC takes.
 *
 * @param inPlace paths of the methods whose requests are read in place
 */
record UploadSelector(Http2SubProtocolSelector grpc, Set<String> inPlace, int maxMessageBytes, StalledUploads stalled)
        implements Http2SubProtocolSelector {
    @Override
    public SubProtocolResult subProtocol(
            ConnectionContext connection,
            HttpPrologue prologue,
            Http2Headers headers,
            Http2StreamWriter writer,
            int streamId,
            Http2Settings serverSettings,
            Http2Settings clientSettings,
            StreamFlowControl flowControl,
            Http2StreamState state,
            Router router) {
        SubProtocolResult result = grpc.subProtocol(
                connection,
                prologue,
                headers,
                writer,
                streamId,
                serverSettings,
                clientSettings,
                flowControl,
                state,
                router);
        if (!result.supported()) {
            return result;
        }
        return new SubProtocolResult(
                true,
                new UploadStream(
                        result.subProtocol(),
                        inPlace.contains(prologue.uriPath().rawPath()),
                        maxMessageBytes,
                        state == Http2StreamState.CLOSED,
                        reset -> writer.write(reset.toFrameData(clientSettings, streamId, Http2Flag.NoFlags.create())),
                        () -> connection.serverSocket().isConnected(),
                        ((HelidonConnection) connection).held(),
                        stalled));
    }
}
