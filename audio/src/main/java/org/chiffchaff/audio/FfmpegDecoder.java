package org.chiffchaff.audio;

import java.nio.channels.SeekableByteChannel;
import java.util.OptionalDouble;
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
    private final String name;
    private final double mostSeconds;
    private final FfmpegResampler resampler;
    private final FfmpegContainer container;
    private final RecordingClock clock;

    // Null pointers until allocated; FFmpeg frees a null pointer gladly, and leaves one behind.
    private AVCodecContext codec = new AVCodecContext((Pointer) null);
    private AVPacket packet = new AVPacket((Pointer) null);
    private AVFrame frame = new AVFrame((Pointer) null);

    private boolean ended;
    private boolean frameWaits;
    private long silentSamples; // still to come before the frame that waits, at its rate
    private OptionalDouble packetBegin = OptionalDouble.empty();
    private double packetSeconds;

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
            this.clock =
                    new RecordingClock(container.isLossless(), container.clockStartSeconds(), container.seconds(1));
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
        return clock.condition(
                resampler, container.promisedSeconds(clock.heardSeconds()), container.hasUnreadableEnd());
    }

    /** How long the recording should be by its header, in seconds; 0 where that says nothing. */
    double promisedSeconds() {
        return container.promisedSeconds().orElse(0);
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
        if (!FfmpegCodings.isDecoded(coding)) {
            throw new AudioException(name, "its sound is coded as " + coding + ", which is not decoded here");
        }
        if (decoder == null) {
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
            packetBegin = seconds(packet.pts());
            packetSeconds = container.seconds(packet.duration());
            noteDamage(avcodec.avcodec_send_packet(codec, packet));
        } else {
            avcodec.avcodec_send_packet(codec, (AVPacket) null);
        }
        avcodec.av_packet_unref(packet);
    }

    // A packet that cannot be decoded is no error here.
    private void noteDamage(int result) {
        if (result < 0 && result != avutil.AVERROR_EAGAIN()) {
            clock.lose(packetBegin, packetSeconds);
        }
    }

    private OptionalDouble seconds(long ticks) {
        return ticks == avutil.AV_NOPTS_VALUE ? OptionalDouble.empty() : OptionalDouble.of(container.seconds(ticks));
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
        double gapSeconds = clock.gapSeconds(
                seconds(frame.best_effort_timestamp()), resampler.first().sampleRate());
        silentSamples = Math.round(gapSeconds * frame.sample_rate());
        requireWithinLimit();
    }

    // Before the frame is resampled, and before the silence in front of it.
    private void requireWithinLimit() {
        double endSeconds = clock.heardSeconds() + (double) frame.nb_samples() / frame.sample_rate();
        if (RecordingClock.micros(endSeconds) > mostSeconds) {
            throw new AudioException(
                    name,
                    "holds more than " + PcmStream.seconds(mostSeconds)
                            + " of sound, the most that is decoded of one recording");
        }
    }

    private void resampleFrame() {
        resampler.accept(frame);
        clock.hear((double) frame.nb_samples() / frame.sample_rate());
        frameWaits = false;
    }

    // A second at most: the resampler holds what it is given.
    private void resampleSilence() {
        int samples = (int) Math.min(silentSamples, frame.sample_rate());
        resampler.acceptSilence(samples, frame);
        silentSamples -= samples;
    }
}
