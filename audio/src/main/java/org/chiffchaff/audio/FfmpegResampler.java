package org.chiffchaff.audio;

import java.util.Arrays;
import java.util.OptionalInt;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Frames of any format, rate and channels to blocks of mono samples at one rate. The native memory is owned by this
 * object and freed by {@link #close}; the blocks are Java's. One thread at a time.
 */
final class FfmpegResampler implements AutoCloseable {
    // The resampler's memory grows with the ratio of the rates: a header of 44 bytes that states 100 MHz would cost
    // gigabytes, and one that states 1 Hz as much for what a single packet becomes. FFmpeg mixes 64 channels at most.
    private static final int LOWEST_HERTZ = 1_000;
    private static final int HIGHEST_HERTZ = 1_000_000;
    private static final int MOST_CHANNELS = 64;

    private static final int ROOM = 1 << 15; // samples made in one call

    // Each makes a filter anew, which takes as long as many seconds of sound. Chained streams change seldom if at all.
    private static final int MOST_CHANGES = 16;

    private final String name;
    private final int sampleRate;
    private final Channel channel;
    private final StereoMix stereo;

    // Null pointers until allocated; FFmpeg frees a null pointer gladly, and leaves one behind.
    private final SwrContext context = new SwrContext((Pointer) null);
    private FloatPointer output = new FloatPointer((Pointer) null);

    private SoundFormat first;
    private SoundFormat current;
    private int changes;
    private float[] interleaved = {};
    private float[] block = {};
    private int blockLength;

    /** What the samples of one frame are; a chained Ogg file may change it midway. */
    record SoundFormat(int sampleRate, int sampleFormat, int channels) {
        private String words() {
            return sampleRate + " Hz, " + channels + (channels == 1 ? " channel" : " channels") + ", "
                    + avutil.av_get_sample_fmt_name(sampleFormat).getString();
        }
    }

    FfmpegResampler(String name, int sampleRate, Channel channel) {
        this.name = name;
        this.sampleRate = sampleRate;
        this.channel = channel;
        this.stereo = new StereoMix(sampleRate);
    }

    /** Makes ready for a frame, before the first call that takes it. */
    void prepare(AVFrame frame) {
        SoundFormat found = new SoundFormat(
                frame.sample_rate(), frame.format(), frame.ch_layout().nb_channels());
        if (!found.equals(current)) {
            if (current != null) {
                countChange(found);
                flush();
            }
            open(found, frame.ch_layout());
        }
    }

    private void countChange(SoundFormat found) {
        changes++;
        if (changes > MOST_CHANGES) {
            throw new AudioException(
                    name,
                    "its sound changes its format more than " + MOST_CHANGES + " times, the last time from "
                            + current.words() + " to " + found.words() + "; one format throughout is expected");
        }
    }

    /** The format of the first frame. */
    SoundFormat first() {
        return first;
    }

    /** The louder of two channels in opposite phase, which was taken alone; from 1 on. */
    OptionalInt oppositePhaseChannel() {
        return stereo.oppositePhaseChannel();
    }

    /** Samples made since {@link #clear}. */
    float[] block() {
        return block;
    }

    /** How many samples there are in {@link #block}. */
    int blockLength() {
        return blockLength;
    }

    /** Forgets the samples made so far. */
    void clear() {
        blockLength = 0;
    }

    /** Takes a frame in. */
    void accept(AVFrame frame) {
        convert(frame.extended_data(), frame.nb_samples());
    }

    /** Takes silence in, before a frame whose rate counts its samples. */
    void acceptSilence(int samples, AVFrame frame) {
        Ffmpeg.check(name, swresample.swr_inject_silence(context, samples), "a gap in it cannot be closed");
        convert(frame.extended_data(), 0);
    }

    /** Makes samples of all that is still held. */
    void finish() {
        flush();
        append(stereo.finish());
    }

    @Override
    public void close() {
        swresample.swr_free(context);
        avutil.av_free(output);
        output.setNull();
    }

    // Channels are mixed by their mean: FFmpeg's own matrix drops the bass channel, weighs the rest by where it takes
    // them to stand in a cinema, and turns down a mono recording that calls itself "front left".
    // The filter is a Kaiser-windowed sinc; ResamplingTest holds what it passes and what it stops.
    private void open(SoundFormat from, AVChannelLayout layout) {
        requireWithinLimits(from);
        first = first == null ? from : first;
        current = from;
        swresample.swr_free(context);
        String refused = "its sound (" + from.sampleRate() + " Hz, " + from.channels()
                + " channels) cannot be resampled to " + sampleRate + " Hz";
        try (AVChannelLayout outputLayout = new AVChannelLayout()) {
            avutil.av_channel_layout_default(outputLayout, outputs());
            int made = swresample.swr_alloc_set_opts2(
                    context,
                    outputLayout,
                    avutil.AV_SAMPLE_FMT_FLT,
                    sampleRate,
                    layout,
                    from.sampleFormat(),
                    from.sampleRate(),
                    0,
                    null);
            Ffmpeg.check(name, made, refused);
        }
        avutil.av_opt_set_int(context, "internal_sample_fmt", avutil.AV_SAMPLE_FMT_FLTP, 0);
        avutil.av_opt_set_int(context, "filter_type", swresample.SWR_FILTER_TYPE_KAISER, 0);
        avutil.av_opt_set_double(context, "kaiser_beta", 12, 0);
        avutil.av_opt_set_int(context, "filter_size", 128, 0);
        avutil.av_opt_set_double(context, "cutoff", 0.95, 0);
        Ffmpeg.check(name, swresample.swr_set_matrix(context, matrix(from.channels()), from.channels()), refused);
        Ffmpeg.check(name, swresample.swr_init(context), refused);
    }

    private void requireWithinLimits(SoundFormat from) {
        if (from.sampleRate() < LOWEST_HERTZ || from.sampleRate() > HIGHEST_HERTZ || from.channels() > MOST_CHANNELS) {
            throw new AudioException(
                    name,
                    "its sound has " + from.sampleRate() + " Hz and " + from.channels() + " channels; "
                            + LOWEST_HERTZ + " to " + HIGHEST_HERTZ + " Hz and at most " + MOST_CHANNELS
                            + " channels are expected");
        }
        if (channel.number() > from.channels()) {
            throw new AudioException(
                    name,
                    "channel " + channel.number() + " is asked for, and it has " + from.channels()
                            + (from.channels() == 1 ? " channel" : " channels"));
        }
    }

    // Two channels stay apart until it is known whether they cancel.
    private int outputs() {
        return channel.equals(Channel.MIX) && first.channels() == 2 ? 2 : 1;
    }

    // [outputs, channels]
    private double[] matrix(int channels) {
        double[] weights = new double[outputs() * channels];
        if (!channel.equals(Channel.MIX)) {
            weights[channel.number() - 1] = 1;
        } else if (outputs() == 2 && channels == 2) {
            weights[0] = 1;
            weights[3] = 1;
        } else {
            Arrays.fill(weights, 1.0 / channels);
        }
        return weights;
    }

    private void flush() {
        if (!context.isNull()) {
            convert(null, 0);
        }
    }

    // What finds no room stays in the resampler, and is asked for without giving more.
    private void convert(PointerPointer<?> planes, int samples) {
        int made = convertOnce(planes, samples);
        while (made == ROOM) {
            made = convertOnce(planes, 0);
        }
    }

    private int convertOnce(PointerPointer<?> planes, int samples) {
        if (output.isNull()) {
            output = new FloatPointer(avutil.av_malloc(2L * ROOM * Float.BYTES)).capacity(2L * ROOM);
        }
        try (PointerPointer<FloatPointer> outputPlanes = new PointerPointer<>(1)) {
            outputPlanes.put(0, output);
            int made = swresample.swr_convert(context, outputPlanes, ROOM, planes, samples);
            Ffmpeg.check(name, made, "its sound cannot be resampled");
            int floats = made * outputs();
            interleaved = interleaved.length < floats ? new float[floats] : interleaved;
            output.get(interleaved, 0, floats);
            if (outputs() == 2) {
                append(stereo.mix(interleaved, made));
            } else {
                append(interleaved, made);
            }
            return made;
        }
    }

    private void append(float[] samples) {
        append(samples, samples.length);
    }

    private void append(float[] samples, int count) {
        block = block.length < blockLength + count ? Arrays.copyOf(block, blockLength + count) : block;
        System.arraycopy(samples, 0, block, blockLength, count);
        blockLength += count;
    }
}
