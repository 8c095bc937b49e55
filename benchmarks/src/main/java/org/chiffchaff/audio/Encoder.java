package org.chiffchaff.audio;

import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * Samples to an encoded recording, by FFmpeg's libraries, for the benchmarks alone. In this process: the program that
 * comes with the libraries starts on no machine without a desktop's libraries for sound and film. It lies in the
 * package of the decoder, whose libraries it shares.
 */
public final class Encoder implements AutoCloseable {
    private static final int USUAL_FRAME_SAMPLES = 4096;
    private static final int EXPERIMENTAL = -2;

    /** How an encoder takes samples. */
    public enum Samples {
        SHORTS(avutil.AV_SAMPLE_FMT_S16),
        FLOATS(avutil.AV_SAMPLE_FMT_FLT),
        /** A block for each channel. */
        FLOAT_PLANES(avutil.AV_SAMPLE_FMT_FLTP);

        private final int format;

        Samples(int format) {
            this.format = format;
        }
    }

    /**
     * What is made.
     *
     * @param container a muxer of FFmpeg's
     * @param codec an encoder of FFmpeg's
     * @param samples as the encoder takes them
     * @param channels more than one in planes only
     * @param bitRate in bits per second; 0 where the codec has none
     */
    public record Settings(String container, String codec, Samples samples, int sampleRate, int channels, int bitRate) {
        public Settings {
            if (channels > 1 && samples != Samples.FLOAT_PLANES) {
                throw new IllegalArgumentException(
                        codec + " has " + channels + " channels in turns; one, or planes, are expected");
            }
        }
    }

    private final Settings settings;
    private final AVFormatContext muxer = new AVFormatContext((Pointer) null);
    private final AVIOContext output = new AVIOContext((Pointer) null);
    private final AVCodecContext codec;
    private final AVFrame frame = avutil.av_frame_alloc();
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVStream stream;

    private Encoder(Settings settings) {
        this.settings = settings;
        check(avformat.avformat_alloc_output_context2(muxer, null, settings.container, null));
        AVCodec encoder = avcodec.avcodec_find_encoder_by_name(settings.codec);
        codec = avcodec.avcodec_alloc_context3(encoder);
        codec.sample_rate(settings.sampleRate)
                .sample_fmt(settings.samples.format)
                .bit_rate(settings.bitRate)
                .strict_std_compliance(EXPERIMENTAL);
        avutil.av_channel_layout_default(codec.ch_layout(), settings.channels);
        codec.time_base().num(1).den(settings.sampleRate);
        if ((muxer.oformat().flags() & avformat.AVFMT_GLOBALHEADER) != 0) {
            codec.flags(codec.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        check(avcodec.avcodec_open2(codec, encoder, (AVDictionary) null));
        stream = avformat.avformat_new_stream(muxer, encoder);
        check(avcodec.avcodec_parameters_from_context(stream.codecpar(), codec));
        check(avformat.avio_open_dyn_buf(output));
        muxer.pb(output);
    }

    /**
     * Encodes.
     *
     * @param samples from -1 to 1, the same for every channel
     */
    public static byte[] encode(Settings settings, float[] samples) {
        Ffmpeg.load();
        try (Encoder encoder = new Encoder(settings)) {
            return encoder.encode(samples);
        }
    }

    private byte[] encode(float[] samples) {
        check(avformat.avformat_write_header(muxer, (AVDictionary) null));
        int frameSamples = codec.frame_size() > 0 ? codec.frame_size() : USUAL_FRAME_SAMPLES;
        for (int from = 0; from < samples.length; from += frameSamples) {
            send(samples, from, Math.min(frameSamples, samples.length - from));
        }
        check(avcodec.avcodec_send_frame(codec, null));
        writePackets();
        check(avformat.av_write_trailer(muxer));
        BytePointer bytes = new BytePointer((Pointer) null);
        byte[] recording = new byte[avformat.avio_close_dyn_buf(output, bytes)];
        bytes.get(recording);
        avutil.av_free(bytes);
        return recording;
    }

    private void send(float[] samples, int from, int count) {
        avutil.av_frame_unref(frame);
        frame.nb_samples(count)
                .format(settings.samples.format)
                .sample_rate(settings.sampleRate)
                .pts(from);
        check(avutil.av_channel_layout_copy(frame.ch_layout(), codec.ch_layout()));
        check(avutil.av_frame_get_buffer(frame, 0));
        if (settings.samples == Samples.SHORTS) {
            short[] rounded = new short[count];
            for (int i = 0; i < count; i++) {
                rounded[i] = (short) Math.round(Short.MAX_VALUE * samples[from + i]);
            }
            planes(plane -> new ShortPointer(plane).put(rounded, 0, count));
        } else {
            planes(plane -> new FloatPointer(plane).put(samples, from, count));
        }
        check(avcodec.avcodec_send_frame(codec, frame));
        writePackets();
    }

    private void planes(Consumer<Pointer> fill) {
        for (int channel = 0; channel < settings.channels; channel++) {
            fill.accept(frame.data(channel));
        }
    }

    private void writePackets() {
        while (avcodec.avcodec_receive_packet(codec, packet) >= 0) {
            avcodec.av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
            packet.stream_index(stream.index());
            check(avformat.av_interleaved_write_frame(muxer, packet));
        }
    }

    private void check(int result) {
        if (result < 0) {
            throw new IllegalStateException(settings + ": FFmpeg answers " + result + "; expected 0 or more");
        }
    }

    @Override
    public void close() {
        avcodec.av_packet_free(packet);
        avutil.av_frame_free(frame);
        avcodec.avcodec_free_context(codec);
        avformat.avformat_free_context(muxer);
    }
}
