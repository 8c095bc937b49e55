package org.chiffchaff.data;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes mono recordings as 16-bit PCM in a RIFF WAVE file. */
final class WaveFile {
    private static final int HEADER = 44;

    private WaveFile() {}

    /** Samples in -1 to 1; what is beyond is clipped. */
    static void write(Path file, float[] samples, int sampleRate) {
        int data = samples.length * Short.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("RIFF".getBytes(US_ASCII)).putInt(HEADER - 8 + data).put("WAVEfmt ".getBytes(US_ASCII));
        // Size of the format chunk, PCM, one channel.
        bytes.putInt(16).putShort((short) 1).putShort((short) 1);
        // Samples and bytes per second, bytes and bits per sample.
        bytes.putInt(sampleRate)
                .putInt(sampleRate * Short.BYTES)
                .putShort((short) Short.BYTES)
                .putShort((short) Short.SIZE);
        bytes.put("data".getBytes(US_ASCII)).putInt(data);
        for (float sample : samples) {
            bytes.putShort((short) Math.round(Math.clamp(sample, -1f, 1f) * Short.MAX_VALUE));
        }
        try {
            Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new DataException("the recording " + file + " cannot be written: " + e, e);
        }
    }
}
