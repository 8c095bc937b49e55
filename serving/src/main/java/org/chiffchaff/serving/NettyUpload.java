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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request on grpc-java's port while it arrives. The transport tells of its bytes as they come, and of its length not
 * at all: so they are counted one by one, and the call is refused at the first for which there is no room.
 */
final class NettyUpload extends ServerStreamTracer implements Arrival, StalledUploads.Upload {
    private final StalledUploads stalled;
    private final AtomicLong wireBytes = new AtomicLong();
    private final AtomicLong plainBytes = new AtomicLong();
    private final AtomicBoolean refused = new AtomicBoolean();
    private boolean ended; // guarded by this
    private volatile Optional<Share> share = Optional.empty();
    private volatile ServerCall<?, ?> call;
    private volatile long beginNanos;
    private volatile long lastNanos;

    NettyUpload(StalledUploads stalled) {
        this.stalled = stalled;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(Arrival.KEY, this);
    }

    /** Comes before the first byte, which the transport does not read before a call asks it to, but not before the end. */
    void begin(ServerCall<?, ?> begun, Share room) {
        call = begun;
        beginNanos = System.nanoTime();
        lastNanos = beginNanos;
        synchronized (this) {
            if (ended) {
                room.release();
            } else {
                share = Optional.of(room);
                stalled.watch(this);
            }
        }
    }

    @Override
    public void inboundWireSize(long bytes) {
        lastNanos = System.nanoTime();
        grow(wireBytes.addAndGet(bytes)).ifPresent(full -> refuse(Failures.refusal(full)));
    }

    private Optional<ServingException> grow(long bytes) {
        return share.flatMap(room -> room.grow(bytes));
    }

    /** A compressed request grows when it is read, on the thread that reads it, which only a throw can stop. */
    @Override
    public void inboundUncompressedSize(long bytes) {
        Optional<ServingException> full = grow(plainBytes.addAndGet(bytes));
        if (full.isPresent()) {
            StatusRuntimeException refusal = Failures.refusal(full.get());
            refuse(refusal);
            throw refusal;
        }
    }

    @Override
    public void inboundMessageRead(int seqNo, long wireSize, long uncompressedSize) {
        // A request of one message is not over with it, but with the client's end, for which work on it waits.
        if (!call.getMethodDescriptor().getType().clientSendsOneMessage()) {
            stalled.forget(this);
        }
    }

    @Override
    public void streamClosed(Status status) {
        end();
    }

    /** The request is in the hands of those who answer it, or the call is over. */
    void end() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        stalled.forget(this);
        share.ifPresent(Share::release);
    }

    @Override
    public void look(long nowNanos, UploadPace pace, boolean stopping) {
        if (stopping) {
            end(Failures.refusal(ServingException.stopping()));
        } else if (pace.stalled(nowNanos - lastNanos) || pace.tooSlow(wireBytes.get(), nowNanos - beginNanos)) {
            end(Status.CANCELLED.withDescription(pace.refusal()).asRuntimeException(new Metadata()));
        }
    }

    private void end(StatusRuntimeException refusal) {
        stalled.forget(this);
        refuse(refusal);
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
