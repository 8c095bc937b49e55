package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Small files that claim much are taken, or refused in words, in little memory. */
@EnabledOnOs(OS.LINUX) // whose limit of data counts what is allocated and not what is reserved
final class NativeMemoryTest {
    // What Java itself takes is some 130 MiB of these.
    private static final int CHILD_MIBS = 256;

    private static final String DAMAGED =
            ", but its header is damaged or cut short (FFmpeg: Invalid data found when processing input)";
    private static final String ENDED = ", but its header is damaged or cut short (FFmpeg: End of file)";
    private static final String TOO_MUCH =
            ", and claims more than 64 streams, or more than 128 MiB for one of its tables";
    private static final Map<String, String> OUTCOMES = outcomes();

    private static Map<String, String> outcomes() {
        Map<String, String> outcomes = new LinkedHashMap<>();
        outcomes.put(
                "mp4: 20 million samples",
                "its tables claim 20000000 samples or more; at most 126 are expected in 631 bytes");
        outcomes.put(
                "mp4: 20 million samples in each of ten tracks",
                "its tables claim 20000000 samples or more; at most 894 are expected in 4474 bytes");
        outcomes.put(
                "mp4: 20 million samples, sizes of 64 bits",
                "its tables claim 20000000 samples or more; at most 129 are expected in 647 bytes");
        outcomes.put(
                "mp4: 20 million samples of a fragment",
                "its tables claim 20000001 samples or more; at most 147 are expected in 739 bytes");
        outcomes.put(
                "mp4: 4000 edits that each play all of 30,000 samples",
                "its tables claim 119970000 samples or more; at most 9723 are expected in 48619 bytes");
        outcomes.put(
                "mp4: 10,000 fragments of 300 tracks",
                "its tables claim 41700 samples or more; at most 41660 are expected in 208304 bytes");
        outcomes.put("mp4: 4000 tracks", "begins as QuickTime / MOV" + TOO_MUCH);
        outcomes.put("mp4: a list of 100 million keys", "its table keys claims 100000000 entries; there is room for 0");
        outcomes.put(
                "mp4: a compressed header of 256 MiB", "has a compressed header (cmov); one that is not is expected");
        outcomes.put("matroska: 20,000 tracks", "begins as Matroska / WebM" + ENDED);
        outcomes.put("matroska: a value of 250 MiB", "begins as Matroska / WebM" + ENDED);
        outcomes.put(
                "matroska: 4 MiB of tags within tags",
                "begins as Matroska / WebM, and has more than 2 MiB before its sound");
        outcomes.put("ogg: 20,000 streams", "begins as Ogg" + TOO_MUCH);
        outcomes.put(
                "vorbis: 256 code books of 262,144 values",
                "claims 66846724 values in the code books of Vorbis; at most 4194304 are expected");
        outcomes.put("wav: a format of 1 GiB", "begins as WAV / WAVE (Waveform Audio)" + DAMAGED);
        outcomes.put("wav: compressed pictures", "1.0 s");
        outcomes.put("aiff: compressed pictures", "1.0 s");
        outcomes.put(
                "caf: a million packets", "holds no audio stream (Apple CAF (Core Audio Format), other streams: 1)");
        outcomes.put("caf: a cookie of 1 GiB", "begins as Apple CAF (Core Audio Format)" + DAMAGED);
        outcomes.put("flac: 60 pictures that claim 16 MiB", "1.0 s");
        outcomes.put("flac: 50,000 points to seek", "1.0 s");
        outcomes.put("mp3: compressed pictures", "1.0 s");
        outcomes.put("mp3: a tag of 256 MiB", "begins as MP2/3 (MPEG audio layer 2/3)" + DAMAGED);
        outcomes.put(
                "alac: frames of 16 million samples",
                "claims 16777216 samples in a frame of ALAC; at most 131072 are expected");
        return outcomes;
    }

    // In a process of its own, which the system gives no more: a decoder that asks for more ends otherwise.
    @Test
    void eachFileTakesLittle() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "ulimit -d " + CHILD_MIBS * 1024 + "; exec \"$0\" \"$@\"";
        Process child = new ProcessBuilder(
                        "sh",
                        "-c",
                        command,
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String found = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(child.waitFor(1, TimeUnit.MINUTES));
        StringBuilder expected = new StringBuilder();
        OUTCOMES.forEach((file, outcome) -> expected.append(file + " -> " + outcome + "\n"));
        assertEquals(expected.toString(), found);
        assertEquals(0, child.exitValue());
    }

    /** Decodes every hostile file, and prints what comes of it. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            HostileFile.all().forEach((file, encoded) -> System.out.println(file + " -> " + outcome(encoded)));
        }

        private static String outcome(byte[] encoded) {
            try {
                return Sound.decode(encoded, 32_000).length / 32_000.0 + " s";
            } catch (AudioException e) {
                return e.reason();
            }
        }
    }
}
