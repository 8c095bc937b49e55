package org.chiffchaff.serving;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;

/** Puts a {@link NettyUpload} beside every call on grpc-java's port: as the stream's tracer and as an interceptor. */
final class NettyUploads extends ServerStreamTracer.Factory implements ServerInterceptor {
    private final HeldBytes held;
    private final StalledUploads stalled;

    NettyUploads(HeldBytes held, StalledUploads stalled) {
        this.held = held;
        this.stalled = stalled;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new NettyUpload(held, stalled);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        NettyUpload upload = (NettyUpload) Arrival.KEY.get();
        upload.begin(call);
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            // What had arrived when the call was refused still comes, and nobody is to work on it.
            @Override
            public void onMessage(Q message) {
                if (!upload.refused()) {
                    super.onMessage(message);
                }
            }

            @Override
            public void onHalfClose() {
                try {
                    if (!upload.refused()) {
                        super.onHalfClose();
                    }
                } finally {
                    upload.end();
                }
            }
        };
    }
}
