package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.audio.ChannelChoice;
import org.chiffchaff.models.FeatureSpec;
import org.chiffchaff.models.Manifest;
import org.chiffchaff.models.ModelBundle;
import org.chiffchaff.v1.Detection;
import org.chiffchaff.v1.GetModelRequest;
import org.chiffchaff.v1.IdentifyRequest;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.IdentifyServiceGrpc;
import org.chiffchaff.v1.Model;
import org.chiffchaff.v1.RankedSpecies;
import org.chiffchaff.v1.Species;
import org.chiffchaff.v1.Warning;

/** The contract's calls, in the contract's words. Knows no transport; the work is done by {@link Workers}. */
final class IdentifyEndpoint extends IdentifyServiceGrpc.IdentifyServiceImplBase {
    private static final int DEFAULT_TOP_K = 5;

    private final Recognition recognition;
    private final Workers workers;
    private final Limits limits;
    private final ScheduledExecutorService timer;
    private final List<Species> species;
    private final Map<String, Integer> places = new HashMap<>();
    private final Model model;

    /** @param timer of the calls' longest times */
    IdentifyEndpoint(
            ModelBundle bundle,
            Recognition recognition,
            Workers workers,
            Limits limits,
            ScheduledExecutorService timer) {
        this.recognition = recognition;
        this.workers = workers;
        this.limits = limits;
        this.timer = timer;
        this.species = bundle.labels().species().stream()
                .map(IdentifyEndpoint::species)
                .toList();
        for (int i = 0; i < species.size(); i++) {
            places.putIfAbsent(species.get(i).getLabel(), i);
        }
        this.model = model(bundle);
    }

    @Override
    public void getModel(GetModelRequest request, StreamObserver<Model> observer) {
        observer.onNext(model);
        observer.onCompleted();
    }

    @Override
    public void identify(IdentifyRequest request, StreamObserver<IdentifyResponse> observer) {
        // With this handler set, answering a call that has just been cancelled is not an error.
        ((ServerCallStreamObserver<IdentifyResponse>) observer).setOnCancelHandler(() -> {});
        Context.CancellableContext time =
                Context.current().withDeadlineAfter(limits.longestCall().toNanos(), TimeUnit.NANOSECONDS, timer);
        UnaryCaller caller = new UnaryCaller(Context.current(), time, Share.KEY.get(), observer);
        Workers.Place place;
        try {
            place = workers.submit(
                    recognition.work(question(request), caller), Share.KEY.get().connection());
        } catch (Throwable failure) {
            // Whatever it is: a share that is not given back is lost to all who come later.
            caller.over();
            observer.onError(Failures.refusal(failure));
            return;
        }
        time.addListener(
                ended -> {
                    if (workers.withdraw(place)) {
                        caller.fail(new CancellationException());
                    }
                },
                Runnable::run);
    }

    /** The caller of one recording, who is told everything at the end. */
    private final class UnaryCaller implements RecordingWork.Caller {
        private final Context call;
        private final Context.CancellableContext time;
        private final Share share;
        private final StreamObserver<IdentifyResponse> observer;

        /**
         * @param call ends when the answer is written or nobody waits for it
         * @param time ends, too, when the caller has waited as long as callers may
         */
        UnaryCaller(
                Context call, Context.CancellableContext time, Share share, StreamObserver<IdentifyResponse> observer) {
            this.call = call;
            this.time = time;
            this.share = share;
            this.observer = observer;
            share.keep();
        }

        @Override
        public boolean cancelled() {
            return time.isCancelled();
        }

        @Override
        public void answer(Answer answer) {
            IdentifyResponse response = response(answer);
            int bytes = response.getSerializedSize();
            share.keep();
            call.addListener(written -> share.release(), Runnable::run);
            share.shrink(bytes);
            share.grow(bytes).ifPresent(full -> {
                throw full;
            });
            write(() -> {
                observer.onNext(response);
                observer.onCompleted();
            });
        }

        @Override
        public void fail(Throwable failure) {
            boolean tooLong =
                    failure instanceof CancellationException && time.cancellationCause() instanceof TimeoutException;
            Throwable told = tooLong
                    ? new ServingException(
                            ServingException.Kind.TOO_LONG,
                            "The time of the call is over; this server works on one for up to "
                                    + limits.longestCall().toSeconds() + " s")
                    : failure;
            // Before the caller hears of it: the next recording may follow at once, and would find no room.
            share.shrink(0);
            write(() -> observer.onError(Failures.refusal(told)));
        }

        @Override
        public void over() {
            share.release();
            time.cancel(null);
        }

        // Not on the worker's thread: a client that does not read keeps its writer waiting.
        private void write(Runnable answer) {
            if (call.isCancelled()) {
                // By the caller or at its deadline, which it knows itself: a write would cross its reset.
                return;
            }
            Thread.startVirtualThread(() -> {
                try {
                    answer.run();
                } catch (Throwable failure) {
                    // An answer too large for the memory is an Error, and its caller waits all the same.
                    observer.onError(Failures.refusal(failure));
                }
            });
        }
    }

    private Question question(IdentifyRequest request) {
        String name = request.getName().isBlank() ? "recording" : request.getName();
        int bytes = request.getAudio().size();
        if (bytes > limits.maxRecordingBytes()) {
            throw new ServingException(
                    ServingException.Kind.TOO_LARGE,
                    name + ": " + bytes + " bytes; this server takes recordings of up to "
                            + limits.maxRecordingBytes());
        }
        // Zero stands for the default; what is negative here is a number above what Java's int holds.
        int asked = request.getTopK() == 0 ? DEFAULT_TOP_K : request.getTopK();
        int topK = asked < 0 ? Integer.MAX_VALUE : asked;
        return new Question(
                name,
                request.getAudio().asReadOnlyByteBuffer(),
                topK,
                request.getMinimumConfidence(),
                request.getOverlapSeconds(),
                channel(request.getChannel()),
                ignored(request.getIgnoredLabelsList()));
    }

    private static Channel channel(String word) {
        try {
            ChannelChoice choice = word.isEmpty() ? ChannelChoice.MIX : ChannelChoice.parse(Question.quoted(word));
            return choice.only()
                    .orElseThrow(() -> Question.bad("channel is 'each'; one request is about one channel:"
                            + " mix, left, right or a number from 1 to " + Channel.MOST + " is expected"));
        } catch (IllegalArgumentException none) {
            throw Question.bad(none.getMessage());
        }
    }

    private Set<Integer> ignored(List<String> labels) {
        Set<Integer> ignored = new HashSet<>();
        for (String label : labels) {
            Integer place = places.get(label);
            if (place == null) {
                throw Question.bad("ignored_labels has '" + Question.quoted(label)
                        + "'; expected labels of the model's " + species.size() + " species, which GetModel lists");
            }
            ignored.add(place);
        }
        return ignored;
    }

    private IdentifyResponse response(Answer answer) {
        IdentifyResponse.Builder response = IdentifyResponse.newBuilder()
                .setDurationSeconds(answer.durationSeconds())
                .setWindows(answer.windows())
                .setModelName(model.getName())
                .setModelVersion(model.getVersion());
        for (Answer.Detection detection : answer.detections()) {
            response.addDetections(Detection.newBuilder()
                    .setStartSeconds(detection.startSeconds())
                    .setEndSeconds(detection.endSeconds())
                    .setSpecies(species.get(detection.hit().species()))
                    .setConfidence(detection.hit().confidence()));
        }
        for (Answer.Hit hit : answer.ranking()) {
            response.addRanking(RankedSpecies.newBuilder()
                    .setSpecies(species.get(hit.species()))
                    .setConfidence(hit.confidence()));
        }
        for (String warning : answer.warnings()) {
            response.addWarnings(
                    Warning.newBuilder().setCode(Answer.code(warning)).setText(warning));
        }
        return response.build();
    }

    private Model model(ModelBundle bundle) {
        Manifest manifest = bundle.manifest();
        FeatureSpec features = manifest.features();
        return Model.newBuilder()
                .setName(manifest.name())
                .setVersion(manifest.version())
                .setArchitecture(manifest.architecture())
                .setParameters(manifest.parameterCount())
                .setSampleRate(features.sampleRate())
                .setWindowSeconds(features.windowSeconds())
                .addAllSpecies(species)
                .putAllMetrics(manifest.metrics())
                .setDigest(bundle.digest())
                .setMaxRecordingBytes(limits.maxRecordingBytes())
                .build();
    }

    private static Species species(org.chiffchaff.models.Species species) {
        return Species.newBuilder()
                .setLabel(species.label())
                .setScientificName(species.scientificName())
                .setCommonName(species.commonName())
                .build();
    }
}
