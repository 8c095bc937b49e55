package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call on Helidon's port that ends once, at the right moment, and writes nothing after its end. */
final class GuardedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private static final System.Logger LOG = System.getLogger(GuardedCall.class.getName());

    private final Upload upload;
    private final Context.CancellableContext context;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch end = new CountDownLatch(1);
    // Guarded by this.
    private boolean requestEnded;
    private Optional<Runnable> early = Optional.empty();

    GuardedCall(ServerCall<Q, R> call, Upload upload, Context.CancellableContext context) {
        super(call);
        this.upload = upload;
        this.context = context;
    }

    @Override
    public void sendHeaders(Metadata headers) {
        write(() -> super.sendHeaders(headers));
    }

    @Override
    public void sendMessage(R message) {
        write(() -> super.sendMessage(message));
    }

    @Override
    public void close(Status status, Metadata trailers) {
        synchronized (this) {
            // Helidon stops reading a call it has closed, and what the client still sends then blocks the connection.
            if (!requestEnded && getMethodDescriptor().getType().clientSendsOneMessage()) {
                early = early.or(() -> Optional.of(() -> close(status, trailers)));
                return;
            }
        }
        if (ended.compareAndSet(false, true)) {
            try {
                super.close(encoded(status), trailers);
            } catch (RuntimeException connectionIsGone) {
                lost(connectionIsGone);
            } finally {
                end();
            }
        }
    }

    /** The request has arrived whole; answers if the answer is known already. */
    boolean answeredEarly() {
        synchronized (this) {
            requestEnded = true;
        }
        upload.refusal()
                .ifPresent(refusal -> close(
                        refusal.getStatus(), Objects.requireNonNullElseGet(refusal.getTrailers(), Metadata::new)));
        early.ifPresent(Runnable::run);
        return ended.get();
    }

    /** The request is no message of this method; nothing more of it will be read. */
    void unreadable() {
        if (upload.over()) {
            cancelled();
            return;
        }
        UnreadableLog.tell("it is no message of " + getMethodDescriptor().getFullMethodName());
        answeredEarly();
        close(Status.INVALID_ARGUMENT.withDescription("The request cannot be read as protobuf"), new Metadata());
    }

    /** Nobody waits for the answer any more. */
    void cancelled() {
        if (ended.compareAndSet(false, true)) {
            end();
        }
    }

    private void end() {
        end.countDown();
        context.cancel(null);
    }

    /**
     * Keeps the stream's thread until the call has ended: Helidon 4.4.0 would let it wait for ever for a frame after
     * the last.
     */
    void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException serverIsGone) {
            Thread.currentThread().interrupt();
        }
    }

    // A write to a call the client has reset makes Helidon end the whole connection.
    private void write(Runnable write) {
        if (!ended.get()) {
            try {
                write.run();
            } catch (RuntimeException connectionIsGone) {
                lost(connectionIsGone);
                cancelled();
            }
        }
    }

    private void lost(RuntimeException reason) {
        LOG.log(Level.DEBUG, "The answer to " + getMethodDescriptor().getFullMethodName() + " was lost", reason);
        upload.lost();
    }

    private static Status encoded(Status status) {
        return status.getDescription() == null
                ? status
                : status.withDescription(percentEncoded(status.getDescription()));
    }

    /** As gRPC has it: bytes outside of printable ASCII, and the percent sign itself, as %XX. Clients undo it. */
    static String percentEncoded(String description) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : description.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append("%%%02X".formatted(b));
            }
        }
        return encoded.toString();
    }
}
