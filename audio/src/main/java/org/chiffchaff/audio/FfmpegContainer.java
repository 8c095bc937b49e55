package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecDescriptor;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Encoded bytes as packets of the best audio stream in them. Everything native is allocated by FFmpeg, owned by this
 * object and freed by {@link #close}. One thread at a time; any number side by side.
 */
final class FfmpegContainer implements AutoCloseable {
    private static final String MATROSKA = "matroska,webm";
    private static final String MP4 = "mov,mp4,m4a,3gp,3g2,mj2";

    // Containers that hold sound and nothing else to open. FFmpeg also knows play lists and scripts that make it open
    // further files and addresses; those in an upload must never be followed.
    private static final Set<String> CONTAINERS =
            Set.of("aac", "aiff", "amr", "asf", "au", "caf", "flac", MATROSKA, MP4, "mp3", "ogg", "w64", "wav", "wv");
    private static final String EXPECTED = "; WAV, FLAC, MP3, Ogg, Opus, M4A, AAC, AIFF, Wave64,"
            + " CAF, AU, AMR, 3GP, WebM, WavPack or WMA is expected";

    // What Matroska tells before its sound becomes lists within lists, of 50 times as many bytes.
    private static final int MOST_MATROSKA_HEADER_BYTES = 2 << 20;

    private static final Map<Long, FfmpegContainer> OPEN = new ConcurrentHashMap<>();
    private static final AtomicLong LAST_NUMBER = new AtomicLong();
    private static final int READ_BYTES = 1 << 16;

    // Each takes some ten KiB, in Ogg 65. Film sets record 32 channels into tracks of their own.
    private static final int MOST_STREAMS = 64;

    // FFmpeg looks for the next Ogg page in the 64 KiB that follow, and gives up; asked again, it looks in the next.
    private static final int MOST_FAILED_READS = 1000;

    // JavaCPP can make only a few C functions out of one Java class, so all containers share these two; the number that
    // FFmpeg hands back with every call tells whose bytes are meant. Made once the libraries are loaded.
    private static final class Callbacks {
        static final ReadBytes READ = new ReadBytes();
        static final SeekBytes SEEK = new SeekBytes();
    }

    private final String name;
    private final SeekableByteChannel encoded;
    private final DecodeLimits limits;
    private final long number = LAST_NUMBER.incrementAndGet();

    // Null pointers until allocated; FFmpeg frees a null pointer gladly, and leaves one behind.
    private AVIOContext input = new AVIOContext((Pointer) null);
    private AVFormatContext context = new AVFormatContext((Pointer) null);

    private AVStream stream;
    private Optional<PromisedBytes> promisedBytes = Optional.empty();
    private long headerBytesLeft = Long.MAX_VALUE; // that may be read before the container is open
    private IOException readFailure;
    private int failedReads;
    private long failedAt = -1;
    private boolean unreadableEnd;

    private FfmpegContainer(String name, SeekableByteChannel encoded, DecodeLimits limits) {
        this.name = name;
        this.encoded = encoded;
        this.limits = limits;
        OPEN.put(number, this);
    }

    /**
     * Opens the best audio stream in the bytes.
     *
     * @param name what errors call the source
     * @param encoded the encoded bytes, at their start; the caller closes them, after this container
     * @param limits cancellation is looked at before every read of the bytes
     */
    static FfmpegContainer open(String name, SeekableByteChannel encoded, DecodeLimits limits) {
        Ffmpeg.load();
        FfmpegContainer container = new FfmpegContainer(name, untagged(name, encoded, limits), limits);
        boolean opened = false;
        try {
            container.promisedBytes = PromisedBytes.find(name, container.encoded, limits);
            container.openContext();
            container.openStream();
            opened = true;
            return container;
        } catch (IOException e) {
            throw new AudioException(name, "cannot be read: " + e, e);
        } finally {
            if (!opened) {
                container.close();
            }
        }
    }

    private static SeekableByteChannel untagged(String name, SeekableByteChannel encoded, DecodeLimits limits) {
        try {
            return UntaggedBytes.of(name, encoded, limits);
        } catch (IOException e) {
            throw new AudioException(name, "cannot be read: " + e, e);
        }
    }

    /** Stops where nobody waits for the sound any more. */
    void requireGoingOn() {
        limits.requireGoingOn(name);
    }

    /** How many are open, in all threads. */
    static int openCount() {
        return OPEN.size();
    }

    /** The stream whose packets are read. */
    AVStream stream() {
        return stream;
    }

    /** FFmpeg's name of the stream's coding. */
    String coding() {
        return avcodec.avcodec_get_name(stream.codecpar().codec_id()).getString();
    }

    /** Whether FFmpeg has a name for the stream's coding; most codings that it has no decoder for are known. */
    boolean isKnownCoding() {
        return avcodec.avcodec_descriptor_get(stream.codecpar().codec_id()) != null;
    }

    /** Whether the stream's coding keeps every sample as it was; not of one that is not known. */
    boolean isLossless() {
        AVCodecDescriptor descriptor =
                avcodec.avcodec_descriptor_get(stream.codecpar().codec_id());
        return descriptor != null && (descriptor.props() & avcodec.AV_CODEC_PROP_LOSSLESS) != 0;
    }

    /** FFmpeg's words for the kind of container. */
    String title() {
        return title(context.iformat());
    }

    /** What the stream's clock shows at its beginning. */
    double clockStartSeconds() {
        return stream.start_time() == avutil.AV_NOPTS_VALUE ? 0 : seconds(stream.start_time());
    }

    /** Ticks of the stream's clock in seconds. */
    double seconds(long ticks) {
        return ticks * (double) stream.time_base().num() / stream.time_base().den();
    }

    /**
     * How long the sound should be by what the header says, in seconds.
     *
     * @param foundSeconds how much was decoded, of which a header that speaks of bytes promises a multiple
     * @return {@code foundSeconds} where it says nothing
     */
    double promisedSeconds(double foundSeconds) {
        return promisedBytes.isPresent()
                ? foundSeconds / promisedBytes.get().shareThere()
                : statedSeconds().orElse(foundSeconds);
    }

    /** The same before anything is decoded; empty where the header says nothing. */
    OptionalDouble promisedSeconds() {
        int sampleBits = avcodec.av_get_exact_bits_per_sample(stream.codecpar().codec_id());
        if (promisedBytes.isEmpty() || sampleBits == 0) {
            return statedSeconds();
        }
        double frameBytes = sampleBits / 8.0 * stream.codecpar().ch_layout().nb_channels();
        return positive(
                promisedBytes.get().promised() / frameBytes / stream.codecpar().sample_rate());
    }

    // Empty where the container says nothing and FFmpeg guesses by the bit rate or, in Ogg, looks at the last page.
    private OptionalDouble statedSeconds() {
        if (context.duration_estimation_method() != avformat.AVFMT_DURATION_FROM_STREAM
                || context.iformat().name().getString().equals("ogg")) {
            return OptionalDouble.empty();
        }
        if (stream.duration() != avutil.AV_NOPTS_VALUE) {
            return positive(seconds(stream.duration()));
        }
        // Matroska states one length for all its streams: that of the film, where there is one.
        return context.nb_streams() == 1
                ? positive(context.duration() / (double) avutil.AV_TIME_BASE)
                : OptionalDouble.empty();
    }

    private static OptionalDouble positive(double seconds) {
        return seconds > 0 && Double.isFinite(seconds) ? OptionalDouble.of(seconds) : OptionalDouble.empty();
    }

    /** Reads the stream's next packet, over what cannot be read as far as sound is found behind it; false at the end. */
    boolean read(AVPacket packet) {
        while (true) {
            int read = avformat.av_read_frame(context, packet);
            rethrowReadFailure();
            if (read >= 0) {
                failedReads = 0;
                if (packet.stream_index() == stream.index()) {
                    return true;
                }
                avcodec.av_packet_unref(packet);
            } else if (read == avutil.AVERROR_EOF || !readsOn()) {
                unreadableEnd = read != avutil.AVERROR_EOF;
                return false;
            }
        }
    }

    // Whether another try may find something behind what could not be read.
    private boolean readsOn() {
        long position = avformat.avio_tell(input);
        boolean moved = position > failedAt;
        failedAt = position;
        failedReads++;
        return moved && failedReads <= MOST_FAILED_READS;
    }

    /** Whether {@link #read} ended before the bytes did. */
    boolean hasUnreadableEnd() {
        return unreadableEnd;
    }

    @Override
    public void close() {
        avformat.avformat_close_input(context);
        if (!input.isNull()) {
            avutil.av_free(input.buffer()); // FFmpeg may have replaced the one it was given
            avformat.avio_context_free(input);
        }
        OPEN.remove(number);
    }

    private Optional<AVInputFormat> probe() {
        BytePointer buffer = new BytePointer(avutil.av_malloc(READ_BYTES));
        input = avformat.avio_alloc_context(
                buffer, READ_BYTES, 0, new ContainerNumber(number), Callbacks.READ, null, Callbacks.SEEK);
        AVInputFormat format = new AVInputFormat((Pointer) null);
        int probed = avformat.av_probe_input_buffer2(input, format, "", null, 0, 0);
        rethrowReadFailure();
        return probed < 0 ? Optional.empty() : Optional.of(format);
    }

    private static boolean isAccepted(AVInputFormat format) {
        return CONTAINERS.contains(format.name().getString());
    }

    private void openContext() throws IOException {
        AVInputFormat format =
                probe().orElseThrow(() -> failure("its content is no audio format that FFmpeg knows" + EXPECTED));
        if (!isAccepted(format)) {
            throw failure("its content looks like " + title(format) + EXPECTED);
        }
        if (format.name().getString().equals(MP4)) {
            Mp4Claims.check(name, encoded, limits);
        }
        context = avformat.avformat_alloc_context();
        context.pb(input);
        context.max_streams(MOST_STREAMS);
        avutil.av_opt_set(context, "codec_whitelist", FfmpegCodings.decoders(), 0);
        if (format.name().getString().equals(MATROSKA)) {
            headerBytesLeft = MOST_MATROSKA_HEADER_BYTES;
        }
        int opened = avformat.avformat_open_input(context, "", format, (AVDictionary) null);
        rethrowReadFailure();
        if (headerBytesLeft < 0) {
            throw failure("begins as " + title(format) + ", and has more than " + (MOST_MATROSKA_HEADER_BYTES >> 20)
                    + " MiB before its sound");
        }
        headerBytesLeft = Long.MAX_VALUE;
        if (opened == avutil.AVERROR_ENOMEM()) {
            throw failure("begins as " + title(format) + ", and claims more than " + MOST_STREAMS
                    + " streams, or more than " + Ffmpeg.MOST_BLOCK_MIBS + " MiB for one of its tables");
        }
        Ffmpeg.check(name, opened, "begins as " + title(format) + ", but its header is damaged or cut short");
        requireHonestSetups();
        int described = avformat.avformat_find_stream_info(context, (AVDictionary) null);
        rethrowReadFailure();
        Ffmpeg.check(name, described, "begins as " + title(format) + ", but what it holds cannot be read");
    }

    // Before FFmpeg starts a decoder for every stream, to learn what it is.
    private void requireHonestSetups() {
        CodingClaims claims = new CodingClaims(name);
        for (int index = 0; index < context.nb_streams(); index++) {
            AVCodecParameters parameters = context.streams(index).codecpar();
            BytePointer setup = parameters.extradata();
            if (setup != null) {
                claims.add(
                        avcodec.avcodec_get_name(parameters.codec_id()).getString(),
                        setup.capacity(parameters.extradata_size()).asByteBuffer());
            }
        }
    }

    private void openStream() {
        int index = avformat.av_find_best_stream(context, avutil.AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
        if (index < 0) {
            throw failure("holds no audio stream (" + title() + ", other streams: " + context.nb_streams() + ")");
        }
        stream = context.streams(index);
        for (int other = 0; other < context.nb_streams(); other++) {
            if (other != index) {
                context.streams(other).discard(avcodec.AVDISCARD_ALL);
            }
        }
    }

    /** Throws what a read of the bytes could not, through C. */
    private void rethrowReadFailure() {
        requireGoingOn();
        if (readFailure != null) {
            throw new AudioException(name, "cannot be read: " + readFailure, readFailure);
        }
    }

    private AudioException failure(String reason) {
        return new AudioException(name, reason);
    }

    private static String title(AVInputFormat format) {
        return format.long_name().getString();
    }

    // A number in a pointer's clothes; nobody looks where it points.
    private static final class ContainerNumber extends Pointer {
        ContainerNumber(long number) {
            address = number;
        }
    }

    // Called by FFmpeg on the thread that called FFmpeg. Nothing may be thrown through C, so an exception waits in the
    // container until the call is back.
    private static final class ReadBytes extends Read_packet_Pointer_BytePointer_int {
        @Override
        public int call(Pointer number, BytePointer target, int length) {
            FfmpegContainer container = OPEN.get(number.address());
            if (container.limits.cancelled().getAsBoolean()) {
                return avutil.AVERROR_EXIT;
            }
            try {
                ByteBuffer room = target.capacity(length).asByteBuffer();
                int count = container.encoded.read(room);
                container.headerBytesLeft -= Math.max(count, 0);
                if (container.headerBytesLeft < 0) {
                    return avutil.AVERROR_EXTERNAL;
                }
                return count < 0 ? avutil.AVERROR_EOF : count;
            } catch (IOException e) {
                container.readFailure = e;
                return avutil.AVERROR_EXTERNAL;
            }
        }
    }

    private static final class SeekBytes extends Seek_Pointer_long_int {
        @Override
        public long call(Pointer number, long offset, int whence) {
            FfmpegContainer container = OPEN.get(number.address());
            SeekableByteChannel encoded = container.encoded;
            try {
                return switch (whence & ~avformat.AVSEEK_FORCE) {
                    case 0 -> encoded.position(offset).position();
                    case 1 -> encoded.position(encoded.position() + offset).position();
                    case 2 -> encoded.position(encoded.size() + offset).position();
                    case avformat.AVSEEK_SIZE -> encoded.size();
                    default -> avutil.AVERROR_EXTERNAL;
                };
            } catch (IOException | IllegalArgumentException e) {
                container.readFailure = e instanceof IOException io ? io : new IOException(e);
                return avutil.AVERROR_EXTERNAL;
            }
        }
    }
}
