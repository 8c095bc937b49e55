package org.chiffchaff.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The two test tools every golden comparison stands on, against what NumPy printed. */
class NpyTest {
    @Test
    void readsWhatNumpyWrote() {
        Path file = Path.of("src/test/resources/golden/mfcc/chirp.npy");
        float[] values = Npy.floats(file);

        assertArrayEquals(new long[] {3, 40, 216}, Npy.shape(file));
        assertEquals(3 * 40 * 216, values.length);
        assertEquals(-108.08289f, values[0]);
        assertEquals(0.3308203f, values[values.length - 1]);
    }

    @Test
    void makesTheNumbersOfHashingPy() {
        assertEquals(-0x1.0ee4d89p-1, HashStream.uniform(0, 0));
        assertEquals(-0x1.92e5a8b8p-2, HashStream.uniform(1, 0));
        assertEquals(-0.12425622995942831, HashStream.uniform(99_999, 1001));
    }
}
