package org.chiffchaff.audio;

import java.util.Set;
import java.util.StringJoiner;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The codings that are decoded: those of recorders, telephones and archives. FFmpeg has decoders for hundreds more, of
 * pictures too, which it would start for every stream of a file to learn what it is.
 */
final class FfmpegCodings {
    private static final Set<String> CODINGS = Set.of(
            "aac",
            "ac3",
            "alac",
            "amr_nb",
            "amr_wb",
            "eac3",
            "flac",
            "gsm",
            "gsm_ms",
            "mace3",
            "mace6",
            "mp1",
            "mp2",
            "mp3",
            "opus",
            "speex",
            "vorbis",
            "wavpack",
            "wmalossless",
            "wmapro",
            "wmav1",
            "wmav2",
            "wmavoice");

    private FfmpegCodings() {}

    /** Whether a coding is decoded, by FFmpeg's name of it. */
    static boolean isDecoded(String coding) {
        return CODINGS.contains(coding) || coding.startsWith("pcm_") || coding.startsWith("adpcm_");
    }

    /** The names of their decoders, as FFmpeg reads them, with commas between. */
    static String decoders() {
        StringJoiner names = new StringJoiner(",");
        try (PointerPointer<Pointer> position = new PointerPointer<>(1)) {
            position.put(0, (Pointer) null);
            AVCodec codec;
            while ((codec = avcodec.av_codec_iterate(position)) != null) {
                if (avcodec.av_codec_is_decoder(codec) != 0
                        && isDecoded(avcodec.avcodec_get_name(codec.id()).getString())) {
                    names.add(codec.name().getString());
                }
            }
        }
        return names.toString();
    }
}
