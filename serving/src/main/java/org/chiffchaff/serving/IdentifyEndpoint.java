package org.chiffchaff.serving;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final int maxRecordingBytes;
    private final List<Species> species;
    private final Map<String, Integer> places = new HashMap<>();
    private final Model model;

    IdentifyEndpoint(ModelBundle bundle, Recognition recognition, Workers workers, int maxRecordingBytes) {
        this.recognition = recognition;
        this.workers = workers;
        this.maxRecordingBytes = maxRecordingBytes;
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
        Context call = Context.current();
        // With this handler set, answering a call that has just been cancelled is not an error.
        ((ServerCallStreamObserver<IdentifyResponse>) observer).setOnCancelHandler(() -> {});
        Share share = Share.KEY.get();
        Workers.Place place;
        share.keep();
        try {
            place = workers.submit(recognition.work(question(request), new UnaryCaller(call, share, observer)));
        } catch (Throwable failure) {
            // Whatever it is: a share that is not given back is lost to all who come later.
            share.release();
            observer.onError(Failures.refusal(failure));
            return;
        }
        call.addListener(ended -> workers.withdraw(place), Runnable::run);
    }

    /** The caller of one recording, who is told everything at the end. */
    private final class UnaryCaller implements RecordingWork.Caller {
        private final Context call;
        private final Share share;
        private final StreamObserver<IdentifyResponse> observer;

        /** @param share of which one hold is this caller's */
        UnaryCaller(Context call, Share share, StreamObserver<IdentifyResponse> observer) {
            this.call = call;
            this.share = share;
            this.observer = observer;
        }

        @Override
        public boolean cancelled() {
            return call.isCancelled();
        }

        @Override
        public void answer(Answer answer) {
            IdentifyResponse response = response(answer);
            write(() -> {
                observer.onNext(response);
                observer.onCompleted();
            });
        }

        @Override
        public void fail(Throwable failure) {
            write(() -> observer.onError(Failures.refusal(failure)));
        }

        @Override
        public void over() {
            share.release();
        }

        // Not on the worker's thread: a client that does not read keeps its writer waiting.
        private void write(Runnable answer) {
            Thread.startVirtualThread(() -> {
                try {
                    answer.run();
                } catch (Throwable failure) {
                    observer.onError(Failures.refusal(failure));
                }
            });
        }
    }

    private Question question(IdentifyRequest request) {
        String name = request.getName().isBlank() ? "recording" : request.getName();
        int bytes = request.getAudio().size();
        if (bytes > maxRecordingBytes) {
            throw new ServingException(
                    ServingException.Kind.TOO_LARGE,
                    name + ": " + bytes + " bytes; this server takes recordings of up to " + maxRecordingBytes);
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
                .setMaxRecordingBytes(maxRecordingBytes)
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
