package org.chiffchaff.serving;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import java.time.Duration;
import org.chiffchaff.v1.IdentifyServiceGrpc;

/** Puts a {@link NettyUpload} beside every call on grpc-java's port: as the stream's tracer and as an interceptor. */
final class NettyUploads extends ServerStreamTracer.Factory implements ServerInterceptor {
    private static final Attributes.Key<HeldBytes> OF_CONNECTION = Attributes.Key.create("held bytes of connection");

    private final HeldBytes held;
    private final StalledUploads stalled;
    private final Duration longestStream;

    /** @param longestStream of a call on the contract, from its first frame to its last */
    NettyUploads(HeldBytes held, StalledUploads stalled, Duration longestStream) {
        this.held = held;
        this.stalled = stalled;
        this.longestStream = longestStream;
    }

    /** Gives every connection its part of what the server holds. */
    ServerTransportFilter connections() {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes transport) {
                return transport.toBuilder()
                        .set(OF_CONNECTION, held.ofConnection())
                        .build();
            }
        };
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        CallTimeout.keepFromTransport(headers);
        if (fullMethodName.startsWith(IdentifyServiceGrpc.SERVICE_NAME + "/")) {
            // The transport would wait for ever for a client that does not read its answer.
            CallTimeout.cut(headers, longestStream);
        }
        return new NettyUpload(stalled);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        NettyUpload upload = (NettyUpload) Arrival.KEY.get();
        Share share = new Share(call.getAttributes().get(OF_CONNECTION));
        upload.begin(call, share);
        CallTimeout.fault(headers).ifPresent(fault -> upload.refuse(Failures.refusal(fault)));
        ServerCall.Listener<Q> listener =
                Contexts.interceptCall(Context.current().withValue(Share.KEY, share), call, headers, next);
        return new SimpleForwardingServerCallListener<>(listener) {
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
