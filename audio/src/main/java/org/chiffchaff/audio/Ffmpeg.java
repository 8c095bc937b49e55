package org.chiffchaff.audio;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avutil;
import org.chiffchaff.cache.CacheException;
import org.chiffchaff.cache.CacheFolder;

/** FFmpeg's native libraries, and what all classes that call them share. */
final class Ffmpeg {
    private static final String FOLDER_PROPERTY = "org.bytedeco.javacpp.cachedir";
    private static final String MEMORY_PROPERTY = "org.bytedeco.javacpp.maxPhysicalBytes";

    /**
     * Of a single allocation, in the whole process: the index of a day of M4A takes as much. What many of them add up to
     * is bounded where they are made.
     */
    static final int MOST_BLOCK_MIBS = 128;

    private static boolean loaded;

    private Ffmpeg() {}

    /**
     * Unpacks and loads them. To be called before any class of JavaCPP's is touched, which must be told where to. Any
     * thread. No static initialiser, which would bury the reason of a failure, and tell it only once.
     *
     * @return where they are unpacked
     * @throws CacheException where no folder can hold them
     */
    static synchronized Path load() {
        if (!loaded) {
            if (System.getProperty(FOLDER_PROPERTY) == null) {
                System.setProperty(FOLDER_PROPERTY, CacheFolder.of("ffmpeg").toString());
            }
            // JavaCPP refuses to allocate once the process has grown past twice the Java heap, whoever holds the
            // memory: beside a neural network's weights that is soon, and what is allocated here is a few hundred
            // kilobytes.
            if (System.getProperty(MEMORY_PROPERTY) == null) {
                System.setProperty(MEMORY_PROPERTY, "0");
            }
            avutil.av_log_set_level(avutil.AV_LOG_QUIET);
            avutil.av_max_alloc((long) MOST_BLOCK_MIBS << 20);
            loaded = true;
        }
        return Path.of(System.getProperty(FOLDER_PROPERTY));
    }

    /** Which FFmpeg this is, and under which licence it was built; loads its library. */
    static String version() {
        load();
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
