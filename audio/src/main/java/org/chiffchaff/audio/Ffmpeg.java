package org.chiffchaff.audio;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avutil;

/** What all classes that call FFmpeg share; each of them initialises this one before its first call. */
final class Ffmpeg {
    static {
        // JavaCPP refuses to allocate once the process has grown past twice the Java heap, whoever holds the memory:
        // beside a neural network's weights that is soon, and what is allocated here is a few hundred kilobytes.
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    }

    private Ffmpeg() {}

    /** Which FFmpeg this is, and under which licence it was built; loads its library. */
    static String version() {
        return avutil.av_version_info().getString() + ", "
                + avutil.avutil_license().getString();
    }

    /** Makes an error of what FFmpeg returned, if it is one. */
    static void check(String name, int result, String complaint) {
        if (result < 0) {
            byte[] text = new byte[128];
            avutil.av_strerror(result, text, text.length);
            throw new AudioException(
                    name, complaint + " (FFmpeg: " + new String(text, StandardCharsets.UTF_8).trim() + ")");
        }
    }
}
