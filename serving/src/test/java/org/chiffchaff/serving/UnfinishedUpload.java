package org.chiffchaff.serving;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.concurrent.Future;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;

/** A call, on a wire of its own, of which the last part does not come. */
final class UnfinishedUpload implements AutoCloseable {
    private final Relay wire;
    private final ManagedChannel channel;
    private final Future<IdentifyResponse> answer;

    /**
     * @param bytes that come
     */
    UnfinishedUpload(int port, IdentifyRequest request, long bytes) throws IOException {
        wire = new Relay(port, bytes);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", wire.port())
                .usePlaintext()
                .build();
        answer = IdentifyServiceGrpc.newFutureStub(channel).identify(request);
    }

    Future<IdentifyResponse> answer() {
        return answer;
    }

    /** Lets the rest come. */
    Future<IdentifyResponse> finish() {
        wire.carryOn();
        return answer;
    }

    void cancel() {
        answer.cancel(true);
        wire.carryOn();
    }

    /** Leaves the server with a connection that is gone. */
    void kill() throws IOException {
        wire.close();
    }

    @Override
    public void close() throws IOException {
        wire.close();
        channel.shutdownNow();
    }
}
