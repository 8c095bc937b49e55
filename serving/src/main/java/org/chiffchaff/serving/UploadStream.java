package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.http2.Http2ErrorCode;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2RstStream;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2WindowUpdate;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector.SubProtocolHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Stands between Helidon's HTTP/2 stream and Helidon's gRPC, where 4.4.0 leaves a client without an answer:
 *
 * <ul>
 *   <li>A message above the limit makes Helidon throw at every frame and never close the call. Here it is read to its end and
 *       thrown away, so that neither the connection's flow control nor its other calls suffer, and then refused.
 *   <li>A stream that is reset, or whose client is gone, leaves its thread waiting for the next frame for ever, with all that has
 *       arrived, and the work on its request goes on. Here {@link StalledUploads} ends both.
 * </ul>
 */
final class UploadStream implements SubProtocolHandler, Upload, StalledUploads.Upload {
    // What arrived before the reset, or was on its way when the server sent it, is still taken off the stream: left
    // there, it would narrow the connection's flow control for good, and then block its thread.
    private static final long AFTER_RESET_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final SubProtocolHandler grpc;
    private final boolean inPlace;
    private final int maxMessageBytes;
    private final Consumer<Http2RstStream> reset;
    private final BooleanSupplier connected;
    private final Share share;
    private final StalledUploads stalled;

    private Thread thread;
    private BufferData unjudged = BufferData.empty();
    private Optional<MessageBytes> message = Optional.empty();
    private boolean judged;
    // Written by the stream's thread, read by the timer's.
    private final AtomicLong arrivedBytes = new AtomicLong();
    private volatile long beginNanos;
    private volatile boolean last;
    private volatile Optional<StatusRuntimeException> refusal = Optional.empty();
    private volatile boolean started;
    private volatile boolean over;
    private volatile boolean busy;
    private volatile long idleSinceNanos;

    /**
     * @param inPlace whether the request is one of {@link InPlaceRequests}
     * @param cancelled whether the client has reset the stream before anybody looked at it
     * @param reset writes a reset to the client
     * @param connected whether the client's connection is open
     * @param held room of the client's connection
     */
    UploadStream(
            SubProtocolHandler grpc,
            boolean inPlace,
            int maxMessageBytes,
            boolean cancelled,
            Consumer<Http2RstStream> reset,
            BooleanSupplier connected,
            HeldBytes held,
            StalledUploads stalled) {
        this.grpc = grpc;
        this.inPlace = inPlace;
        this.maxMessageBytes = maxMessageBytes;
        this.over = cancelled;
        this.reset = reset;
        this.connected = connected;
        this.share = new Share(held);
        this.stalled = stalled;
    }

    @Override
    public void init() {
        thread = Thread.currentThread();
        beginNanos = System.nanoTime();
        stalled.watch(this);
        work(() -> Context.current()
                .withValues(Arrival.KEY, this, Share.KEY, share)
                .run(grpc::init));
        started = true;
        if (over) {
            grpc.rstStream(new Http2RstStream(Http2ErrorCode.CANCEL));
        }
    }

    @Override
    public void data(Http2FrameHeader header, BufferData data) {
        if (over) {
            // No sign of life: who goes on sending is not listened to for longer.
            last = header.flags(Http2FrameTypes.DATA).endOfStream();
            return;
        }
        // Helidon gives null for a frame of nothing but padding.
        work(() -> accept(header, data == null ? BufferData.empty() : data));
    }

    private void accept(Http2FrameHeader header, BufferData data) {
        last = header.flags(Http2FrameTypes.DATA).endOfStream();
        arrivedBytes.addAndGet(data.available());
        BufferData content = data;
        if (!judged) {
            content = unjudged.available() == 0 ? data : BufferData.create(unjudged, data);
            if (content.available() < MessageBytes.PREFIX_BYTES && !last) {
                unjudged = content;
                return;
            }
            judged = true;
            refusal = judge(content);
            if (inPlace && refusal.isEmpty() && content.available() >= MessageBytes.PREFIX_BYTES) {
                int length = (int) MessageBytes.length(content);
                content.skip(MessageBytes.PREFIX_BYTES);
                message = Optional.of(new MessageBytes(length, content.available(), share));
            }
        }
        BufferData handed = message.isPresent() ? gather(message.get(), content) : content;
        if (refusal.isPresent()) {
            handed = BufferData.empty();
        }
        hand(header, handed);
    }

    private void hand(Http2FrameHeader header, BufferData handed) {
        if (last || handed.available() > 0) {
            Context.current().withValue(Arrival.KEY, this).run(() -> grpc.data(header, handed));
        }
    }

    private BufferData gather(MessageBytes gathering, BufferData content) {
        Optional<ServingException> full = gathering.take(content);
        if (full.isPresent()) {
            refusal = full.map(Failures::refusal);
            message = Optional.empty();
            share.shrink(0);
        }
        return full.isEmpty() && gathering.whole() ? MessageBytes.standIn(content) : BufferData.empty();
    }

    @Override
    public byte[] bytes(InputStream standIn) throws IOException {
        // Only a second message of a call, which there must not be, comes by Helidon's stream.
        byte[] bytes = message.isPresent() ? message.get().bytes() : standIn.readNBytes(standIn.available());
        message = Optional.empty();
        return bytes;
    }

    @Override
    public void refuse(StatusRuntimeException refused) {
        refusal = Optional.of(refused);
    }

    // The first message of a call is the only one of all our calls that can be large.
    private Optional<StatusRuntimeException> judge(BufferData start) {
        if (start.available() < MessageBytes.PREFIX_BYTES) {
            return Optional.empty();
        }
        if (start.get(0) != 0) {
            return Optional.of(Status.UNIMPLEMENTED
                    .withDescription("The request is compressed; this port takes plain requests only")
                    .asRuntimeException(new Metadata()));
        }
        long length = MessageBytes.length(start);
        if (length > maxMessageBytes) {
            return Optional.of(Status.RESOURCE_EXHAUSTED
                    .withDescription("The request has " + length + " bytes; this server takes up to " + maxMessageBytes)
                    .asRuntimeException(new Metadata()));
        }
        return Optional.empty();
    }

    @Override
    public Http2StreamState streamState() {
        Http2StreamState state = over ? afterTheEnd() : grpc.streamState();
        if (state == Http2StreamState.CLOSED || state == Http2StreamState.HALF_CLOSED_LOCAL) {
            leave();
        }
        return state;
    }

    // Frames that arrived before the end wait to be read: each one left unread would narrow the connection's flow
    // control.
    private Http2StreamState afterTheEnd() {
        return last ? Http2StreamState.CLOSED : Http2StreamState.OPEN;
    }

    /** Called on the connection's thread. */
    @Override
    public void rstStream(Http2RstStream frame) {
        idleSinceNanos = System.nanoTime();
        over = true;
        // Before that Helidon has no call to cancel, and would end the connection over it.
        if (started) {
            grpc.rstStream(frame);
        }
    }

    @Override
    public void windowUpdate(Http2WindowUpdate update) {
        grpc.windowUpdate(update);
    }

    @Override
    public Optional<StatusRuntimeException> refusal() {
        return refusal;
    }

    @Override
    public boolean over() {
        return over;
    }

    @Override
    public void lost() {
        over = true;
        tell(Http2ErrorCode.CANCEL);
    }

    @Override
    public void look(long nowNanos, UploadPace pace, boolean stopping) {
        if (!started) {
            return;
        }
        if (!over && !connected.getAsBoolean()) {
            rstStream(new Http2RstStream(Http2ErrorCode.CANCEL));
        }
        if (busy) {
            return;
        }
        if (over) {
            if (nowNanos - idleSinceNanos > AFTER_RESET_NANOS) {
                leave();
                // It waits for a frame, and nothing else.
                thread.interrupt();
            }
        } else if (pace.stalled(nowNanos - idleSinceNanos) || tooSlow(nowNanos, pace)) {
            end(Http2ErrorCode.CANCEL);
        } else if (!last && stopping) {
            // Which tells the client that nothing was done, and to ask another server.
            end(Http2ErrorCode.REFUSED_STREAM);
        }
    }

    private boolean tooSlow(long nowNanos, UploadPace pace) {
        return !last && pace.tooSlow(arrivedBytes.get(), nowNanos - beginNanos);
    }

    /** Ends the call; its thread takes off what is on its way, and then ends too. */
    private void end(Http2ErrorCode code) {
        rstStream(new Http2RstStream(Http2ErrorCode.CANCEL));
        tell(code);
    }

    // On a thread of its own: a connection whose other end does not read keeps its writers waiting.
    private void tell(Http2ErrorCode code) {
        Thread.startVirtualThread(() -> {
            try {
                reset.accept(new Http2RstStream(code));
            } catch (RuntimeException connectionIsGone) {
                // The usual case: that is why nothing came.
            }
        });
    }

    private void leave() {
        if (stalled.forget(this)) {
            share.release();
        }
    }

    private void work(Runnable step) {
        busy = true;
        try {
            step.run();
        } catch (Throwable unexpected) {
            leave();
            throw unexpected;
        } finally {
            idleSinceNanos = System.nanoTime();
            busy = false;
        }
    }
}
