package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The one door to FFmpeg: encoded bytes in, blocks of mono samples at one rate out. Everything native is allocated by
 * FFmpeg, owned by this object and freed by {@link #close}; what leaves is Java's. One thread at a time; any number of
 * decoders side by side.
 */
final class FfmpegDecoder implements AutoCloseable {
    static {
        // JavaCPP refuses to allocate once the process has grown past twice the Java heap, whoever holds the memory:
        // beside a neural network's weights that is soon, and what is allocated here is a few hundred kilobytes.
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    }

    // Containers that hold sound and nothing else to open. FFmpeg also knows play lists and scripts that make it open
    // further files and addresses; those in an upload must never be followed.
    private static final Set<String> CONTAINERS = Set.of(
            "aac", "aiff", "au", "caf", "flac", "matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2", "mp3", "ogg", "w64", "wav");
    private static final String EXPECTED = "; WAV, FLAC, MP3, Ogg, Opus, M4A, AAC or AIFF is expected";

    // JavaCPP can make only a few C functions out of one Java class, so all decoders share these two; the number that
    // FFmpeg hands back with every call tells whose bytes are meant.
    private static final ReadBytes READ = new ReadBytes();
    private static final SeekBytes SEEK = new SeekBytes();
    private static final Map<Long, FfmpegDecoder> OPEN = new ConcurrentHashMap<>();
    private static final AtomicLong LAST_NUMBER = new AtomicLong();
    private static final int READ_BYTES = 1 << 16;
    private static final int AGAIN = avutil.AVERROR_EAGAIN();

    // Gaps add up until they count, so later sound is never off by more. Vorbis needs as much: its clock starts late by
    // up to a quarter of a block.
    private static final double SHORTEST_GAP_SECONDS = 0.05;

    // A damaged clock may state any time, and silence costs as much work as sound.
    private static final double MOST_SILENCE_SECONDS = 600;
    private static final double LARGEST_STEP_BACK_SECONDS = 10;

    // FFmpeg looks for the next Ogg page in the 64 KiB that follow, and gives up; asked again, it looks in the next.
    private static final int MOST_FAILED_READS = 1000;

    // The resampler's memory grows with the ratio of the rates: a header of 44 bytes that states 100 MHz would cost
    // gigabytes, and one that states 1 Hz as much for what a single packet becomes. FFmpeg mixes 64 channels at most.
    private static final int LOWEST_HERTZ = 1_000;
    private static final int HIGHEST_HERTZ = 1_000_000;
    private static final int MOST_CHANNELS = 64;

    private static final double TOLERATED_SECONDS = 0.1;
    private static final double EXACT_SECONDS = 0.001;

    private final String name;
    private final SeekableByteChannel encoded;
    private final int sampleRate;
    private final long number = LAST_NUMBER.incrementAndGet();

    // Null pointers until allocated; FFmpeg frees a null pointer gladly, and leaves one behind.
    private AVIOContext input = new AVIOContext((Pointer) null);
    private AVFormatContext container = new AVFormatContext((Pointer) null);
    private AVCodecContext codec = new AVCodecContext((Pointer) null);
    private AVPacket packet = new AVPacket((Pointer) null);
    private AVFrame frame = new AVFrame((Pointer) null);
    private final SwrContext resampler = new SwrContext((Pointer) null);
    private FloatPointer output = new FloatPointer((Pointer) null);

    private AVStream stream;
    private boolean lossless;
    private SoundFormat first;
    private SoundFormat resampled;
    private IOException readFailure;
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
    private int failedReads;
    private long failedAt = -1;
    private boolean unreadableEnd;

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
        this.encoded = encoded;
        this.sampleRate = sampleRate;
        OPEN.put(number, this);
        boolean opened = false;
        try {
            openContainer(openInput());
            openStream();
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

    /**
     * What the recording turned out to be; after {@link #decode} has said 0 for the first time, if it held any samples.
     *
     * @param shareThere which share of the bytes that its header promises is there; empty where that is not known
     */
    Condition condition(OptionalDouble shareThere) {
        double promised = shareThere.isPresent()
                ? heardSeconds / shareThere.getAsDouble()
                : statedSeconds().orElse(heardSeconds);
        // Formats with losses state their length less exactly than they keep it.
        boolean exact = lossless || unreadableEnd || damageEndSeconds > 0;
        boolean cut = promised - heardSeconds > (exact ? Math.max(EXACT_SECONDS, tickSeconds()) : TOLERATED_SECONDS);
        return new Condition(
                first.sampleRate(),
                first.channels(),
                micros(heardSeconds),
                micros(Math.max(cut ? promised : heardSeconds, damageEndSeconds)),
                micros(lostSeconds),
                micros(firstLossSeconds),
                micros(unplacedSeconds),
                unreadableEnd);
    }

    // Sums of frames' lengths, without what rounding added up to.
    private static double micros(double seconds) {
        return Math.rint(seconds * 1e6) / 1e6;
    }

    /**
     * How long the container says that the sound is, in seconds; empty where it says nothing and FFmpeg guesses by the
     * bit rate or, in Ogg, looks at the last page there is.
     */
    OptionalDouble statedSeconds() {
        if (container.duration_estimation_method() != avformat.AVFMT_DURATION_FROM_STREAM
                || container.iformat().name().getString().equals("ogg")) {
            return OptionalDouble.empty();
        }
        if (stream.duration() != avutil.AV_NOPTS_VALUE) {
            return positive(seconds(stream.duration()));
        }
        // Matroska states one length for all its streams: that of the film, where there is one.
        return container.nb_streams() == 1
                ? positive(container.duration() / (double) avutil.AV_TIME_BASE)
                : OptionalDouble.empty();
    }

    private static OptionalDouble positive(double seconds) {
        return seconds > 0 ? OptionalDouble.of(seconds) : OptionalDouble.empty();
    }

    @Override
    public void close() {
        swresample.swr_free(resampler);
        avutil.av_free(output);
        output.setNull();
        avutil.av_frame_free(frame);
        avcodec.av_packet_free(packet);
        avcodec.avcodec_free_context(codec);
        avformat.avformat_close_input(container);
        if (!input.isNull()) {
            avutil.av_free(input.buffer()); // FFmpeg may have replaced the one it was given
            avformat.avio_context_free(input);
        }
        OPEN.remove(number);
    }

    private AVInputFormat openInput() {
        BytePointer buffer = new BytePointer(avutil.av_malloc(READ_BYTES));
        input = avformat.avio_alloc_context(buffer, READ_BYTES, 0, new DecoderNumber(number), READ, null, SEEK);
        AVInputFormat format = new AVInputFormat((Pointer) null);
        int probed = avformat.av_probe_input_buffer2(input, format, "", null, 0, 0);
        rethrowReadFailure();
        if (probed < 0) {
            throw failure("its content is no audio format that FFmpeg knows" + EXPECTED);
        }
        if (!CONTAINERS.contains(format.name().getString())) {
            throw failure("its content looks like " + title(format) + EXPECTED);
        }
        return format;
    }

    private void openContainer(AVInputFormat format) {
        container = avformat.avformat_alloc_context();
        container.pb(input);
        int opened = avformat.avformat_open_input(container, "", format, (AVDictionary) null);
        rethrowReadFailure();
        check(opened, "begins as " + title(format) + ", but its header is damaged or cut short");
        int described = avformat.avformat_find_stream_info(container, (AVDictionary) null);
        rethrowReadFailure();
        check(described, "begins as " + title(format) + ", but what it holds cannot be read");
    }

    private void openStream() {
        int index = avformat.av_find_best_stream(container, avutil.AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
        if (index < 0) {
            throw failure("holds no audio stream (" + title(container.iformat()) + ", other streams: "
                    + container.nb_streams() + ")");
        }
        stream = container.streams(index);
        clockStartSeconds = stream.start_time() == avutil.AV_NOPTS_VALUE ? 0 : seconds(stream.start_time());
        int codecId = stream.codecpar().codec_id();
        AVCodec decoder = avcodec.avcodec_find_decoder(codecId);
        String coding = avcodec.avcodec_get_name(codecId).getString();
        if (decoder == null) {
            throw failure("its sound is coded as " + coding + ", for which FFmpeg has no decoder");
        }
        codec = avcodec.avcodec_alloc_context3(decoder);
        String refused = "its " + coding + " decoder does not start";
        check(avcodec.avcodec_parameters_to_context(codec, stream.codecpar()), refused);
        codec.pkt_timebase(stream.time_base());
        lossless = (avcodec.avcodec_descriptor_get(codecId).props() & avcodec.AV_CODEC_PROP_LOSSLESS) != 0;
        codec.err_recognition(avcodec.AV_EF_CRCCHECK | avcodec.AV_EF_EXPLODE);
        check(avcodec.avcodec_open2(codec, decoder, (AVDictionary) null), refused);
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
        int read = avformat.av_read_frame(container, packet);
        rethrowReadFailure();
        if (read >= 0) {
            failedReads = 0;
            if (packet.stream_index() == stream.index()) {
                packetEndSeconds = endSeconds();
                noteDamage(avcodec.avcodec_send_packet(codec, packet));
            }
        } else if (read == avutil.AVERROR_EOF || !readsOn()) {
            unreadableEnd = read != avutil.AVERROR_EOF;
            if (unreadableEnd && first == null) {
                check(read, "is damaged: nothing can be read beyond its header");
            }
            avcodec.avcodec_send_packet(codec, (AVPacket) null);
        }
        avcodec.av_packet_unref(packet);
    }

    // Whether another try may find sound behind what could not be read.
    private boolean readsOn() {
        long position = avformat.avio_seek(input, 0, 1);
        boolean moved = position > failedAt;
        failedAt = position;
        failedReads++;
        return moved && failedReads <= MOST_FAILED_READS;
    }

    // A packet that cannot be decoded is no error here; how long it was is known when the next one can, or at the end.
    private void noteDamage(int result) {
        if (result < 0 && result != AGAIN) {
            damageEndSeconds = Math.max(damageEndSeconds, packetEndSeconds);
        }
    }

    // On the recording's clock, as far as that is known.
    private double endSeconds() {
        double start = packet.pts() == avutil.AV_NOPTS_VALUE ? heardSeconds : seconds(packet.pts()) - clockStartSeconds;
        return start + seconds(packet.duration());
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
        check(swresample.swr_inject_silence(resampler, samples), "a gap in it cannot be closed");
        convert(frame.extended_data(), 0);
        silentSamples -= samples;
    }

    // Where packets were lost, the stream's clock runs ahead of what was heard; silence closes the gap, so that all
    // that comes later keeps its place. A clock that jumps far back belongs to a new recording, chained to the last.
    private void measureGap() {
        if (frame.best_effort_timestamp() == avutil.AV_NOPTS_VALUE) {
            return;
        }
        double gapSeconds = seconds(frame.best_effort_timestamp()) - clockStartSeconds - heardSeconds;
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
        return 1.5 * Math.max(seconds(1), 1.0 / resampled.sampleRate());
    }

    // Channels are mixed by their mean: FFmpeg's own matrix drops the bass channel, weighs the rest by where it takes
    // them to stand in a cinema, and turns down a mono recording that calls itself "front left".
    // The filter is a Kaiser-windowed sinc; ResamplingTest holds what it passes and what it stops.
    private void openResampler(SoundFormat from) {
        if (from.sampleRate() < LOWEST_HERTZ || from.sampleRate() > HIGHEST_HERTZ || from.channels() > MOST_CHANNELS) {
            throw failure("its sound has " + from.sampleRate() + " Hz and " + from.channels() + " channels; "
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
            check(made, refused);
        }
        avutil.av_opt_set_int(resampler, "internal_sample_fmt", avutil.AV_SAMPLE_FMT_FLTP, 0);
        avutil.av_opt_set_int(resampler, "filter_type", swresample.SWR_FILTER_TYPE_KAISER, 0);
        avutil.av_opt_set_double(resampler, "kaiser_beta", 12, 0);
        avutil.av_opt_set_int(resampler, "filter_size", 128, 0);
        avutil.av_opt_set_double(resampler, "cutoff", 0.95, 0);
        double[] mean = new double[from.channels()];
        Arrays.fill(mean, 1.0 / from.channels());
        check(swresample.swr_set_matrix(resampler, mean, from.channels()), refused);
        check(swresample.swr_init(resampler), refused);
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
            check(made, "its sound cannot be resampled");
            block = block.length < blockLength + made ? Arrays.copyOf(block, blockLength + made) : block;
            output.get(block, blockLength, made);
            blockLength += made;
        }
    }

    private double seconds(long ticks) {
        return ticks * (double) stream.time_base().num() / stream.time_base().den();
    }

    private void rethrowReadFailure() {
        if (readFailure != null) {
            throw new AudioException(name, "cannot be read: " + readFailure, readFailure);
        }
    }

    private void check(int result, String complaint) {
        if (result < 0) {
            byte[] text = new byte[128];
            avutil.av_strerror(result, text, text.length);
            throw failure(complaint + " (FFmpeg: " + new String(text, StandardCharsets.UTF_8).trim() + ")");
        }
    }

    private AudioException failure(String reason) {
        return new AudioException(name, reason);
    }

    private static String title(AVInputFormat format) {
        return format.long_name().getString();
    }

    // A number in a pointer's clothes; nobody looks where it points.
    private static final class DecoderNumber extends Pointer {
        DecoderNumber(long number) {
            address = number;
        }
    }

    // Called by FFmpeg on the thread that called FFmpeg. Nothing may be thrown through C, so an exception waits in the
    // decoder until the call is back.
    private static final class ReadBytes extends Read_packet_Pointer_BytePointer_int {
        @Override
        public int call(Pointer number, BytePointer target, int length) {
            FfmpegDecoder decoder = OPEN.get(number.address());
            try {
                ByteBuffer room = target.capacity(length).asByteBuffer();
                int count = decoder.encoded.read(room);
                return count < 0 ? avutil.AVERROR_EOF : count;
            } catch (IOException e) {
                decoder.readFailure = e;
                return avutil.AVERROR_EXTERNAL;
            }
        }
    }

    private static final class SeekBytes extends Seek_Pointer_long_int {
        @Override
        public long call(Pointer number, long offset, int whence) {
            FfmpegDecoder decoder = OPEN.get(number.address());
            SeekableByteChannel encoded = decoder.encoded;
            try {
                return switch (whence & ~avformat.AVSEEK_FORCE) {
                    case 0 -> encoded.position(offset).position();
                    case 1 -> encoded.position(encoded.position() + offset).position();
                    case 2 -> encoded.position(encoded.size() + offset).position();
                    case avformat.AVSEEK_SIZE -> encoded.size();
                    default -> avutil.AVERROR_EXTERNAL;
                };
            } catch (IOException | IllegalArgumentException e) {
                decoder.readFailure = e instanceof IOException io ? io : new IOException(e);
                return avutil.AVERROR_EXTERNAL;
            }
        }
    }

    static String version() {
        return avutil.av_version_info().getString() + ", "
                + avutil.avutil_license().getString();
    }
}
