package org.chiffchaff.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.chiffchaff.audio.SoundFile.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of a recording before it is decoded. */
final class AudioHeaderTest {
    @ParameterizedTest
    @CsvSource({
        "tones.flac,           raw FLAC,                              flac,         16000, 1",
        "tones.mp3,            MP2/3 (MPEG audio layer 2/3),          mp3,          16000, 1",
        "tones-no-xing.mp3,    MP2/3 (MPEG audio layer 2/3),          mp3,          16000, ",
        "tones.ogg,            Ogg,                                   vorbis,       16000, ",
        "tones.opus,           Ogg,                                   opus,         48000, ",
        "tones.m4a,            QuickTime / MOV,                       aac,          16000, 1",
        "tones.aac,            raw ADTS AAC (Advanced Audio Coding),  aac,          16000, ",
        "tones-ms-adpcm.wav,   WAV / WAVE (Waveform Audio),           adpcm_ms,     16000, 1.018",
    })
    void saysWhatTheRecordingSays(
            String fixture, String container, String coding, int sampleRate, Double promisedSeconds) {
        AudioHeader header = AudioHeader.of(AudioSource.of("clip", Sound.fixture(fixture)));
        OptionalDouble promised = promisedSeconds == null ? OptionalDouble.empty() : OptionalDouble.of(promisedSeconds);
        assertEquals(new AudioHeader(container, coding, sampleRate, 1, promised), header);
    }

    @Test
    void promisesWhatIsNotThere() {
        byte[] wave = SoundFile.wave(Coding.SIGNED_24, 44100, 6, 44100 * 2, frame -> 0.5);
        AudioHeader header = AudioHeader.of(AudioSource.of("clip", Arrays.copyOf(wave, wave.length / 2)));
        assertEquals(
                new AudioHeader("WAV / WAVE (Waveform Audio)", "pcm_s24le", 44100, 6, OptionalDouble.of(2)), header);
        byte[] caf = SoundFile.caf(8000, 8000, frame -> 0.5);
        assertEquals(
                new AudioHeader("Apple CAF (Core Audio Format)", "pcm_s16be", 8000, 1, OptionalDouble.of(1)),
                AudioHeader.of(AudioSource.of("clip", Arrays.copyOf(caf, 9000))));
    }

    @Test
    void refusesWhatIsNoRecording() {
        AudioException error = assertThrows(
                AudioException.class, () -> AudioHeader.of(AudioSource.of("clip", Sound.fixture("picture-only.mp4"))));
        assertEquals("clip: holds no audio stream (QuickTime / MOV, other streams: 1)", error.getMessage());
    }

    @Test
    void refusesMoreChannelsThanCanBeTaken() {
        byte[] wave = SoundFile.wave(Coding.SIGNED_16, 8000, 100, 800, frame -> 0.5);
        AudioException error = assertThrows(AudioException.class, () -> AudioHeader.of(AudioSource.of("clip", wave)));
        assertEquals("clip: has 100 channels; 1 to 64 are expected", error.getMessage());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no mkfifo
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeIsNotWaitedFor(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("night.wav");
        boolean made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(10, TimeUnit.SECONDS);
        assertTrue(made && Files.exists(pipe));
        String refused = pipe + ": is a pipe or a device; a recording in a file is expected";
        AudioSource source = AudioSource.of(pipe);
        for (Executable open : new Executable[] {() -> AudioHeader.of(source), () -> PcmStream.open(source, 16000)}) {
            assertEquals(refused, assertThrows(AudioException.class, open).getMessage());
        }
    }
}
