package org.chiffchaff.onnx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads golden arrays: NumPy's .npy, version 1, little-endian float32 in C order, as tools/golden writes them. */
public final class Npy {
    // 6 bytes of magic, 2 of version, 2 of header length, then a Python literal describing the array.
    private static final int HEADER = 10;
    private static final Pattern LITERAL =
            Pattern.compile("\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(([0-9, ]+)\\), }\\s*");

    private Npy() {}

    public static float[] floats(Path file) {
        ByteBuffer bytes = read(file);
        shape(file, bytes);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    public static long[] shape(Path file) {
        return shape(file, read(file));
    }

    private static ByteBuffer read(Path file) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new AssertionError("golden array " + file + " cannot be read; tools/golden/README.md makes it", e);
        }
    }

    /** Leaves the buffer at the first value. */
    private static long[] shape(Path file, ByteBuffer bytes) {
        int length = bytes.getShort(HEADER - Short.BYTES);
        String header = ISO_8859_1.decode(bytes.slice(HEADER, length)).toString();
        Matcher literal = LITERAL.matcher(header);
        if (!literal.matches()) {
            throw new AssertionError(file + " is not a float32 array in C order: " + header);
        }
        bytes.position(HEADER + length);
        return Arrays.stream(literal.group(1).split(","))
                .map(String::strip)
                .filter(size -> !size.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
