package org.chiffchaff.client;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.chiffchaff.serving.Recordings;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;

/** Work that keeps a server busy until it is called off. */
final class Load implements AutoCloseable {
    private static final IdentifyRequest LENGTHY = IdentifyRequest.newBuilder()
            .setAudio(ByteString.copyFrom(Recordings.tone(1_600)))
            .setOverlapSeconds(0.9)
            .build();

    private final ManagedChannel channel;

    /**
     * Returns when the server is full.
     *
     * @param room recordings that the server takes at once
     */
    Load(int port, int room) throws InterruptedException {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        CountDownLatch refused = new CountDownLatch(1);
        for (int call = 0; call <= room; call++) {
            IdentifyServiceGrpc.newStub(channel).identify(LENGTHY, new Refusals(refused));
        }
        refused.await();
    }

    /** Calls the work off when those who ask have been refused at least once. */
    void endSoon() {
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(this::close);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private record Refusals(CountDownLatch refused) implements StreamObserver<IdentifyResponse> {
        @Override
        public void onNext(IdentifyResponse response) {}

        @Override
        public void onError(Throwable refusal) {
            refused.countDown();
        }

        @Override
        public void onCompleted() {}
    }
}
