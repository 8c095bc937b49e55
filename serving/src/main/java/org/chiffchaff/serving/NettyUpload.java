package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request on grpc-java's port while it arrives. The transport tells of its bytes as they come, and of its length not
 * at all: so they are counted one by one, and the call is refused at the first for which there is no room.
 */
final class NettyUpload extends ServerStreamTracer implements Arrival, StalledUploads.Upload {
    private final HeldBytes held;
    private final StalledUploads stalled;
    private final Share share;
    private final AtomicLong wireBytes = new AtomicLong();
    private final AtomicLong plainBytes = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean refused = new AtomicBoolean();
    private volatile ServerCall<?, ?> call;
    private volatile long lastNanos;

    NettyUpload(HeldBytes held, StalledUploads stalled) {
        this.held = held;
        this.stalled = stalled;
        this.share = new Share(held);
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValues(Arrival.KEY, this, Share.KEY, share);
    }

    /** Comes before the first byte: the transport reads none before a call asks it to. */
    void begin(ServerCall<?, ?> call) {
        this.call = call;
    }

    @Override
    public void inboundWireSize(long bytes) {
        lastNanos = System.nanoTime();
        stalled.watch(this);
        if (!share.grow(wireBytes.addAndGet(bytes))) {
            refuse(Failures.refusal(held.full()));
        }
    }

    /** A compressed request grows when it is read, on the thread that reads it, which only a throw can stop. */
    @Override
    public void inboundUncompressedSize(long bytes) {
        if (!share.grow(plainBytes.addAndGet(bytes))) {
            StatusRuntimeException full = Failures.refusal(held.full());
            refuse(full);
            throw full;
        }
    }

    @Override
    public void inboundMessageRead(int seqNo, long wireSize, long uncompressedSize) {
        stalled.forget(this);
    }

    @Override
    public void streamClosed(Status status) {
        end();
    }

    /** The request is in the hands of those who answer it, or the call is over. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            stalled.forget(this);
            share.release();
        }
    }

    @Override
    public void look(long nowNanos, long patienceNanos) {
        if (nowNanos - lastNanos > patienceNanos) {
            stalled.forget(this);
            refuse(Status.CANCELLED
                    .withDescription("The rest of the request did not come")
                    .asRuntimeException(new Metadata()));
        }
    }

    boolean refused() {
        return refused.get();
    }

    @Override
    public byte[] bytes(InputStream message) throws IOException {
        // Of a message that is not compressed the length is known, and the transport's buffers are freed as it is read.
        if (message instanceof KnownLength) {
            byte[] bytes = new byte[message.available()];
            message.readNBytes(bytes, 0, bytes.length);
            return bytes;
        }
        return message.readAllBytes();
    }

    @Override
    public void refuse(StatusRuntimeException refusal) {
        if (refused.compareAndSet(false, true)) {
            call.close(refusal.getStatus(), Objects.requireNonNullElseGet(refusal.getTrailers(), Metadata::new));
        }
    }
}
