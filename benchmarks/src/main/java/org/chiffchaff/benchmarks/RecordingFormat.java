package org.chiffchaff.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/**
 * The formats that recordings come in, and the making of one: pink noise, mono at 44.1 kHz (Opus: 48), encoded by the
 * {@code ffmpeg} program that comes with our libraries. A program of its own, so that the library keeps its one door.
 */
public enum RecordingFormat {
    WAV("wav", "pcm_s16le"),
    AIFF("aiff", "pcm_s16be"),
    FLAC("flac", "flac"),
    MP3("mp3", "libmp3lame -b:a 128k"),
    // FFmpeg's own encoder; it calls itself experimental and makes two channels only.
    VORBIS("ogg", "vorbis -strict experimental -ac 2"),
    OPUS("opus", "libopus -ar 48000 -b:a 96k"),
    AAC("m4a", "aac -b:a 128k");

    private final String extension;
    private final String encoding;

    /** @param encoding a codec of FFmpeg's and its options */
    RecordingFormat(String extension, String encoding) {
        this.extension = extension;
        this.encoding = encoding;
    }

    /** An encoded recording, the same at every call. */
    byte[] recording(int seconds) throws IOException, InterruptedException {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Path file = folder.path().resolve("noise." + extension);
            List<String> command = new ArrayList<>(List.of(
                    Loader.load(org.bytedeco.ffmpeg.ffmpeg.class),
                    "-loglevel",
                    "error",
                    "-nostdin",
                    "-f",
                    "lavfi",
                    "-i",
                    "anoisesrc=color=pink:amplitude=0.5:seed=42:sample_rate=44100:duration=" + seconds,
                    "-codec:a"));
            command.addAll(List.of(encoding.split(" ")));
            command.add(file.toString());
            int ended = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (ended != 0) {
                throw new BenchmarkException(
                        "ffmpeg ended with " + ended + "; expected 0 from " + String.join(" ", command));
            }
            return Files.readAllBytes(file);
        }
    }
}
