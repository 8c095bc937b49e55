package org.chiffchaff.audio;

import java.nio.channels.SeekableByteChannel;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;

/**
 * The one door to FFmpeg: encoded bytes in, blocks of mono samples at one rate out. Everything native is allocated by
 * FFmpeg, owned by this object and freed by {@link #close}; what leaves is Java's. One thread at a time; any number of
 * decoders side by side, once {@link Ffmpeg} is loaded.
 */
final class FfmpegDecoder implements AutoCloseable {
    // Gaps add up until they count, so later sound is never off by more. Vorbis needs as much: its clock starts late by
    // up to a quarter of a block.
    private static final double SHORTEST_GAP_SECONDS = 0.05;

    // A damaged clock may state any time, and silence costs as much work as sound.
    private static final double MOST_SILENCE_SECONDS = 600;
    private static final double LARGEST_STEP_BACK_SECONDS = 10;

    private static final double TOLERATED_SECONDS = 0.1;
    private static final double EXACT_SECONDS = 0.001;

    private final String name;
    private final double mostSeconds;
    private final FfmpegResampler resampler;
    private final FfmpegContainer container;
    private final boolean lossless;

    // Null pointers until allocated; FFmpeg frees a null pointer gladly, and leaves one behind.
    private AVCodecContext codec = new AVCodecContext((Pointer) null);
    private AVPacket packet = new AVPacket((Pointer) null);
    private AVFrame frame = new AVFrame((Pointer) null);

    private boolean ended;
    private boolean frameWaits;
    private long silentSamples; // still to come before the frame that waits, at its rate
    private double clockStartSeconds;
    private double heardSeconds;
    private double lostSeconds;
    private double firstLossSeconds;
    private double unplacedSeconds;
    private double damageEndSeconds; // of packets that could not be decoded since the last one that could; 0 for none
    private double packetEndSeconds;

    /**
     * Opens the best audio stream in the bytes.
     *
     * @param name what errors call the source
     * @param encoded the encoded bytes, at their start; the caller closes them, after this decoder
     * @param sampleRate of the samples wanted, in Hz
     * @param channel what is made of the recording's channels
     * @param limits of all that is decoded
     */
    FfmpegDecoder(String name, SeekableByteChannel encoded, int sampleRate, Channel channel, DecodeLimits limits) {
        this.name = name;
        this.mostSeconds = limits.mostSeconds();
        this.resampler = new FfmpegResampler(name, sampleRate, channel);
        this.container = FfmpegContainer.open(name, encoded, limits);
        boolean opened = false;
        try {
            this.lossless = container.isLossless();
            this.clockStartSeconds = container.clockStartSeconds();
            openCodec();
            packet = avcodec.av_packet_alloc();
            frame = avutil.av_frame_alloc();
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    /** Decodes on until samples are there, and says how many; 0 at the end, and again at every further call. */
    int decode() {
        resampler.clear();
        while (resampler.blockLength() == 0 && !ended) {
            step();
        }
        return resampler.blockLength();
    }

    /** The samples last decoded; overwritten by the next {@link #decode}. */
    float[] block() {
        return resampler.block();
    }

    /** What the recording turned out to be; after {@link #decode} has said 0, if it held any samples. */
    Condition condition() {
        double promised = container.promisedSeconds(heardSeconds);
        // Formats with losses state their length less exactly than they keep it.
        boolean exact = lossless || container.hasUnreadableEnd() || damageEndSeconds > 0;
        boolean cut = promised - heardSeconds > (exact ? Math.max(EXACT_SECONDS, tickSeconds()) : TOLERATED_SECONDS);
        return new Condition(
                resampler.first().sampleRate(),
                resampler.first().channels(),
                resampler.oppositePhaseChannel(),
                micros(heardSeconds),
                micros(Math.max(cut ? promised : heardSeconds, damageEndSeconds)),
                micros(lostSeconds),
                micros(firstLossSeconds),
                micros(unplacedSeconds),
                container.hasUnreadableEnd());
    }

    /** How long the recording should be by its header, in seconds; 0 where that says nothing. */
    double promisedSeconds() {
        return container.promisedSeconds().orElse(0);
    }

    // Sums of frames' lengths, without what rounding added up to.
    private static double micros(double seconds) {
        return Math.rint(seconds * 1e6) / 1e6;
    }

    @Override
    public void close() {
        resampler.close();
        avutil.av_frame_free(frame);
        avcodec.av_packet_free(packet);
        avcodec.avcodec_free_context(codec);
        container.close();
    }

    private void openCodec() {
        int codecId = container.stream().codecpar().codec_id();
        AVCodec decoder = avcodec.avcodec_find_decoder(codecId);
        String coding = container.coding();
        if (!container.isKnownCoding()) {
            throw new AudioException(name, "its sound has a coding that FFmpeg does not know");
        }
        if (decoder == null || !FfmpegCodings.isDecoded(coding)) {
            throw new AudioException(name, "its sound is coded as " + coding + ", for which FFmpeg has no decoder");
        }
        codec = avcodec.avcodec_alloc_context3(decoder);
        String refused = "its " + coding + " decoder does not start";
        Ffmpeg.check(
                name,
                avcodec.avcodec_parameters_to_context(codec, container.stream().codecpar()),
                refused);
        // Of all channels together.
        codec.max_samples((long) CodingClaims.MOST_FRAME_SAMPLES * Channel.MOST);
        codec.pkt_timebase(container.stream().time_base());
        codec.err_recognition(avcodec.AV_EF_CRCCHECK | avcodec.AV_EF_EXPLODE);
        Ffmpeg.check(name, avcodec.avcodec_open2(codec, decoder, (AVDictionary) null), refused);
    }

    private void step() {
        container.requireGoingOn();
        if (silentSamples > 0) {
            resampleSilence();
            return;
        }
        if (frameWaits) {
            resampleFrame();
            return;
        }
        int received = avcodec.avcodec_receive_frame(codec, frame);
        if (received >= 0) {
            takeFrame();
        } else if (received == avutil.AVERROR_EOF) {
            resampler.finish();
            ended = true;
        } else {
            noteDamage(received);
            feedPacket();
        }
    }

    private void feedPacket() {
        if (container.read(packet)) {
            packetEndSeconds = endSeconds();
            noteDamage(avcodec.avcodec_send_packet(codec, packet));
        } else {
            avcodec.avcodec_send_packet(codec, (AVPacket) null);
        }
        avcodec.av_packet_unref(packet);
    }

    // A packet that cannot be decoded is no error here; how long it was is known when the next one can, or at the end.
    private void noteDamage(int result) {
        if (result < 0 && result != avutil.AVERROR_EAGAIN()) {
            damageEndSeconds = Math.max(damageEndSeconds, packetEndSeconds);
        }
    }

    // On the recording's clock, as far as that is known.
    private double endSeconds() {
        double start = packet.pts() == avutil.AV_NOPTS_VALUE
                ? heardSeconds
                : container.seconds(packet.pts()) - clockStartSeconds;
        return start + container.seconds(packet.duration());
    }

    private void takeFrame() {
        if (frame.nb_samples() > CodingClaims.MOST_FRAME_SAMPLES) {
            throw new AudioException(
                    name,
                    "has a frame of " + frame.nb_samples() + " samples; at most " + CodingClaims.MOST_FRAME_SAMPLES
                            + " are expected");
        }
        resampler.prepare(frame);
        frameWaits = true;
        measureGap();
        damageEndSeconds = 0;
        requireWithinLimit();
    }

    // Before the frame is resampled, and before the silence in front of it.
    private void requireWithinLimit() {
        double endSeconds = heardSeconds + (double) frame.nb_samples() / frame.sample_rate();
        if (micros(endSeconds) > mostSeconds) {
            throw new AudioException(
                    name,
                    "holds more than " + PcmStream.seconds(mostSeconds)
                            + " of sound, the most that is decoded of one recording");
        }
    }

    private void resampleFrame() {
        resampler.accept(frame);
        heardSeconds += (double) frame.nb_samples() / frame.sample_rate();
        frameWaits = false;
    }

    // A second at most: the resampler holds what it is given.
    private void resampleSilence() {
        int samples = (int) Math.min(silentSamples, frame.sample_rate());
        resampler.acceptSilence(samples, frame);
        silentSamples -= samples;
    }

    // Where packets were lost, the stream's clock runs ahead of what was heard; silence closes the gap, so that all
    // that comes later keeps its place. A clock that jumps far back belongs to a new recording, chained to the last.
    private void measureGap() {
        if (frame.best_effort_timestamp() == avutil.AV_NOPTS_VALUE) {
            return;
        }
        if (heardSeconds == 0 && damageEndSeconds == 0 && !lossless) {
            // A decoder may swallow what its coding needs to begin with.
            clockStartSeconds = container.seconds(frame.best_effort_timestamp());
        }
        double gapSeconds = container.seconds(frame.best_effort_timestamp()) - clockStartSeconds - heardSeconds;
        boolean exact = lossless || damageEndSeconds > 0;
        if (gapSeconds < -LARGEST_STEP_BACK_SECONDS) {
            clockStartSeconds += gapSeconds;
        } else if (lostSeconds + gapSeconds > MOST_SILENCE_SECONDS) {
            clockStartSeconds += gapSeconds;
            unplacedSeconds += gapSeconds;
        } else if (gapSeconds > (exact ? tickSeconds() : SHORTEST_GAP_SECONDS)) {
            silentSamples = Math.round(gapSeconds * frame.sample_rate());
            firstLossSeconds = lostSeconds == 0 ? heardSeconds : firstLossSeconds;
            lostSeconds += gapSeconds;
            heardSeconds += gapSeconds;
        }
    }

    // The shortest time that the clock and the samples can differ by though nothing is missing.
    private double tickSeconds() {
        return 1.5 * Math.max(container.seconds(1), 1.0 / resampler.first().sampleRate());
    }
}
