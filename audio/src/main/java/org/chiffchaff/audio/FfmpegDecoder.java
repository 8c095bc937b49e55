package org.chiffchaff.audio;

import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

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

    // The resampler's memory grows with the ratio of the rates: a header of 44 bytes that states 100 MHz would cost
    // gigabytes, and one that states 1 Hz as much for what a single packet becomes. FFmpeg mixes 64 channels at most.
    private static final int LOWEST_HERTZ = 1_000;
    private static final int HIGHEST_HERTZ = 1_000_000;
    private static final int MOST_CHANNELS = 64;

    private static final double TOLERATED_SECONDS = 0.1;
    private static final double EXACT_SECONDS = 0.001;

    private final String name;
    private final int sampleRate;
    private final FfmpegContainer container;
    private final boolean lossless;

    // Null pointers until allocated; FFmpeg frees a null pointer gladly, and leaves one behind.
    private AVCodecContext codec = new AVCodecContext((Pointer) null);
    private AVPacket packet = new AVPacket((Pointer) null);
    private AVFrame frame = new AVFrame((Pointer) null);
    private final SwrContext resampler = new SwrContext((Pointer) null);
    private FloatPointer output = new FloatPointer((Pointer) null);

    private SoundFormat first;
    private SoundFormat resampled;
    private boolean ended;
    private float[] block = {};
    private int blockLength;
    private boolean frameWaits;
    private long silentSamples; // still to come before the frame that waits, at its rate
    private double clockStartSeconds;
    private double heardSeconds;
    private double lostSeconds;
    private double firstLossSeconds;
    private double unplacedSeconds;
    private double damageEndSeconds; // of packets that could not be decoded since the last one that could; 0 for none
    private double packetEndSeconds;

    // What the samples of one frame are; a chained Ogg file may change it midway.
    private record SoundFormat(int sampleRate, int sampleFormat, int channels) {}

    /**
     * Opens the best audio stream in the bytes.
     *
     * @param name what errors call the source
     * @param encoded the encoded bytes, at their start; the caller closes them, after this decoder
     * @param sampleRate of the samples wanted, in Hz
     */
    FfmpegDecoder(String name, SeekableByteChannel encoded, int sampleRate) {
        this.name = name;
        this.sampleRate = sampleRate;
        this.container = FfmpegContainer.open(name, encoded);
        this.lossless = container.isLossless();
        this.clockStartSeconds = container.clockStartSeconds();
        boolean opened = false;
        try {
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
        blockLength = 0;
        while (blockLength == 0 && !ended) {
            step();
        }
        return blockLength;
    }

    /** The samples last decoded; overwritten by the next {@link #decode}. */
    float[] block() {
        return block;
    }

    /** What the recording turned out to be; after {@link #decode} has said 0, if it held any samples. */
    Condition condition() {
        double promised = container.promisedSeconds(heardSeconds);
        // Formats with losses state their length less exactly than they keep it.
        boolean exact = lossless || container.hasUnreadableEnd() || damageEndSeconds > 0;
        boolean cut = promised - heardSeconds > (exact ? Math.max(EXACT_SECONDS, tickSeconds()) : TOLERATED_SECONDS);
        return new Condition(
                first.sampleRate(),
                first.channels(),
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
        swresample.swr_free(resampler);
        avutil.av_free(output);
        output.setNull();
        avutil.av_frame_free(frame);
        avcodec.av_packet_free(packet);
        avcodec.avcodec_free_context(codec);
        container.close();
    }

    private void openCodec() {
        int codecId = container.stream().codecpar().codec_id();
        AVCodec decoder = avcodec.avcodec_find_decoder(codecId);
        String coding = container.coding();
        if (decoder == null) {
            throw new AudioException(name, "its sound is coded as " + coding + ", for which FFmpeg has no decoder");
        }
        codec = avcodec.avcodec_alloc_context3(decoder);
        String refused = "its " + coding + " decoder does not start";
        Ffmpeg.check(
                name,
                avcodec.avcodec_parameters_to_context(codec, container.stream().codecpar()),
                refused);
        codec.pkt_timebase(container.stream().time_base());
        codec.err_recognition(avcodec.AV_EF_CRCCHECK | avcodec.AV_EF_EXPLODE);
        Ffmpeg.check(name, avcodec.avcodec_open2(codec, decoder, (AVDictionary) null), refused);
    }

    private void step() {
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
            flushResampler();
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
        SoundFormat found = new SoundFormat(
                frame.sample_rate(), frame.format(), frame.ch_layout().nb_channels());
        if (!found.equals(resampled)) {
            flushResampler();
            openResampler(found);
        }
        frameWaits = true;
        measureGap();
        damageEndSeconds = 0;
    }

    private void resampleFrame() {
        convert(frame.extended_data(), frame.nb_samples());
        heardSeconds += (double) frame.nb_samples() / resampled.sampleRate();
        frameWaits = false;
    }

    // A second at most: the resampler holds what it is given.
    private void resampleSilence() {
        int samples = (int) Math.min(silentSamples, resampled.sampleRate());
        Ffmpeg.check(name, swresample.swr_inject_silence(resampler, samples), "a gap in it cannot be closed");
        convert(frame.extended_data(), 0);
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
            silentSamples = Math.round(gapSeconds * resampled.sampleRate());
            firstLossSeconds = lostSeconds == 0 ? heardSeconds : firstLossSeconds;
            lostSeconds += gapSeconds;
            heardSeconds += gapSeconds;
        }
    }

    // The shortest time that the clock and the samples can differ by though nothing is missing.
    private double tickSeconds() {
        return 1.5 * Math.max(container.seconds(1), 1.0 / resampled.sampleRate());
    }

    // Channels are mixed by their mean: FFmpeg's own matrix drops the bass channel, weighs the rest by where it takes
    // them to stand in a cinema, and turns down a mono recording that calls itself "front left".
    // The filter is a Kaiser-windowed sinc; ResamplingTest holds what it passes and what it stops.
    private void openResampler(SoundFormat from) {
        if (from.sampleRate() < LOWEST_HERTZ || from.sampleRate() > HIGHEST_HERTZ || from.channels() > MOST_CHANNELS) {
            throw new AudioException(
                    name,
                    "its sound has " + from.sampleRate() + " Hz and " + from.channels() + " channels; "
                            + LOWEST_HERTZ + " to " + HIGHEST_HERTZ + " Hz and at most " + MOST_CHANNELS
                            + " channels are expected");
        }
        swresample.swr_free(resampler);
        String refused = "its sound (" + from.sampleRate() + " Hz, " + from.channels()
                + " channels) cannot be resampled to " + sampleRate + " Hz";
        try (AVChannelLayout mono = new AVChannelLayout()) {
            avutil.av_channel_layout_default(mono, 1);
            int made = swresample.swr_alloc_set_opts2(
                    resampler,
                    mono,
                    avutil.AV_SAMPLE_FMT_FLT,
                    sampleRate,
                    frame.ch_layout(),
                    from.sampleFormat(),
                    from.sampleRate(),
                    0,
                    null);
            Ffmpeg.check(name, made, refused);
        }
        avutil.av_opt_set_int(resampler, "internal_sample_fmt", avutil.AV_SAMPLE_FMT_FLTP, 0);
        avutil.av_opt_set_int(resampler, "filter_type", swresample.SWR_FILTER_TYPE_KAISER, 0);
        avutil.av_opt_set_double(resampler, "kaiser_beta", 12, 0);
        avutil.av_opt_set_int(resampler, "filter_size", 128, 0);
        avutil.av_opt_set_double(resampler, "cutoff", 0.95, 0);
        double[] mean = new double[from.channels()];
        Arrays.fill(mean, 1.0 / from.channels());
        Ffmpeg.check(name, swresample.swr_set_matrix(resampler, mean, from.channels()), refused);
        Ffmpeg.check(name, swresample.swr_init(resampler), refused);
        resampled = from;
        first = first == null ? from : first;
    }

    private void flushResampler() {
        if (!resampler.isNull()) {
            convert(null, 0);
        }
    }

    private void convert(PointerPointer<?> planes, int samples) {
        int room = swresample.swr_get_out_samples(resampler, samples);
        if (output.capacity() < room) {
            avutil.av_free(output);
            output = new FloatPointer(avutil.av_malloc((long) room * Float.BYTES)).capacity(room);
        }
        try (PointerPointer<FloatPointer> outputPlanes = new PointerPointer<>(1)) {
            outputPlanes.put(0, output);
            int made = swresample.swr_convert(resampler, outputPlanes, room, planes, samples);
            Ffmpeg.check(name, made, "its sound cannot be resampled");
            block = block.length < blockLength + made ? Arrays.copyOf(block, blockLength + made) : block;
            output.get(block, blockLength, made);
            blockLength += made;
        }
    }
}
