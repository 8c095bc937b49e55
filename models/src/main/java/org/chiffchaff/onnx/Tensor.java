package org.chiffchaff.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Numbers with a shape, row-major, in little-endian bytes as ONNX files hold them. Its memory is an ordinary Java
 * buffer; it is read-only by convention once handed on.
 */
public final class Tensor {
    private final ElementType type;
    private final Shape shape;
    private final ByteBuffer bytes;

    private Tensor(ElementType type, Shape shape, ByteBuffer bytes) {
        this.type = type;
        this.shape = shape;
        this.bytes = bytes;
    }

    /**
     * A tensor over existing memory, from the buffer's position to its limit.
     *
     * @throws OnnxException where the number of bytes does not fit type and shape
     */
    public static Tensor of(ElementType type, Shape shape, ByteBuffer bytes) {
        ByteBuffer own = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (own.remaining() != shape.elements() * type.bytes()) {
            throw new OnnxException("A " + type + shape + " takes " + shape.elements() * type.bytes() + " bytes, found "
                    + own.remaining());
        }
        return new Tensor(type, shape, own);
    }

    public static Tensor of(float[] values, long... dims) {
        ByteBuffer bytes = allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return of(ElementType.FLOAT, Shape.of(dims), bytes);
    }

    public static Tensor of(double[] values, long... dims) {
        ByteBuffer bytes = allocate(values.length * Double.BYTES);
        bytes.asDoubleBuffer().put(values);
        return of(ElementType.DOUBLE, Shape.of(dims), bytes);
    }

    public static Tensor of(long[] values, long... dims) {
        ByteBuffer bytes = allocate(values.length * Long.BYTES);
        bytes.asLongBuffer().put(values);
        return of(ElementType.INT64, Shape.of(dims), bytes);
    }

    public static Tensor scalar(float value) {
        return of(new float[] {value});
    }

    public static Tensor scalar(boolean value) {
        return of(ElementType.BOOL, Shape.SCALAR, allocate(1).put(0, (byte) (value ? 1 : 0)));
    }

    /** A tensor of one repeated value. */
    public static Tensor filled(float value, long... dims) {
        float[] values = new float[Math.toIntExact(Shape.of(dims).elements())];
        Arrays.fill(values, value);
        return of(values, dims);
    }

    // On Java's heap, which is bounded and collected as it fills; direct memory would wait for a collection that a
    // hardly used heap puts off. What is to cross the border often has direct memory of its own: Staging.
    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public ElementType type() {
        return type;
    }

    public Shape shape() {
        return shape;
    }

    /** A read-only little-endian view of the whole content. */
    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    // The native side takes only writable buffers for direct access.
    ByteBuffer memory() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The content as floats, a view. */
    public FloatBuffer floatBuffer() {
        require(ElementType.FLOAT);
        return bytes().asFloatBuffer();
    }

    /** The content as floats, a copy. */
    public float[] floats() {
        FloatBuffer view = floatBuffer();
        float[] values = new float[view.remaining()];
        view.get(values);
        return values;
    }

    /** The content as doubles, a copy. Floats widen. */
    public double[] doubles() {
        if (type == ElementType.FLOAT) {
            float[] narrow = floats();
            double[] wide = new double[narrow.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = narrow[i];
            }
            return wide;
        }
        require(ElementType.DOUBLE);
        double[] values = new double[bytes.remaining() / Double.BYTES];
        bytes().asDoubleBuffer().get(values);
        return values;
    }

    /** The content as whole numbers, a copy. */
    public long[] longs() {
        require(ElementType.INT64);
        long[] values = new long[bytes.remaining() / Long.BYTES];
        bytes().asLongBuffer().get(values);
        return values;
    }

    /** The rows of a [rows, columns] tensor, copied. */
    public float[][] rows() {
        if (shape.rank() != 2) {
            throw new OnnxException("Rows of a tensor of shape " + shape + "; expected two axes");
        }
        FloatBuffer view = floatBuffer();
        float[][] rows = new float[(int) shape.dim(0)][(int) shape.dim(1)];
        for (float[] row : rows) {
            view.get(row);
        }
        return rows;
    }

    private void require(ElementType wanted) {
        if (type != wanted) {
            throw new OnnxException("A tensor of type " + type + shape + " was read as " + wanted);
        }
    }
}
