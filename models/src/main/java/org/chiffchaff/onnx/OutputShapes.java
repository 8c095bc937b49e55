package org.chiffchaff.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shapes that operators of {@link Ops} yield. What ONNX Runtime would refuse, or would see otherwise than we do, is
 * refused here, where the graph is written.
 */
final class OutputShapes {
    private OutputShapes() {}

    /** An axis longer by some places; one that is dynamic stays so. */
    static long grown(String opType, Value x, int axis, long by, long least) {
        long size = x.shape().dim(axis);
        if (size == Shape.DYNAMIC) {
            return Shape.DYNAMIC;
        }
        return atLeast(least, opType, x, axis, size + by);
    }

    /** The number of whole tiles along an axis. */
    static long tiles(String opType, Value x, int axis, int size) {
        long pixels = x.shape().dim(axis);
        return pixels == Shape.DYNAMIC ? Shape.DYNAMIC : atLeast(1, opType, x, axis, pixels / size);
    }

    private static long atLeast(long least, String opType, Value x, int axis, long found) {
        if (found < least) {
            throw new OnnxException(opType + " of " + x + " leaves " + found + " places on axis " + axis
                    + "; expected at least " + least);
        }
        return found;
    }

    static void requireRank(String opType, Value x, int rank, String axes) {
        if (x.shape().rank() != rank) {
            throw new OnnxException(opType + " of " + x + "; expected " + rank + " axes, " + axes);
        }
    }

    static Shape matmul(Value a, Value b, boolean transposeA, boolean transposeB) {
        if (a.shape().rank() < 2 || b.shape().rank() < 2) {
            throw new OnnxException("MatMul of " + a + " and " + b + "; expected at least two axes of each");
        }
        long rows = a.shape().dim(transposeA ? -1 : -2);
        long inner = a.shape().dim(transposeA ? -2 : -1);
        long otherInner = b.shape().dim(transposeB ? -1 : -2);
        long columns = b.shape().dim(transposeB ? -2 : -1);
        if (inner != otherInner) {
            throw new OnnxException(
                    "MatMul of " + a + " and " + b + ": " + inner + " columns against " + otherInner + " rows");
        }
        List<Long> dims =
                new ArrayList<>(leading(a.shape()).broadcast(leading(b.shape())).dims());
        dims.add(rows);
        dims.add(columns);
        return new Shape(dims);
    }

    private static Shape leading(Shape shape) {
        return new Shape(shape.dims().subList(0, shape.rank() - 2));
    }

    /** The axes to fold, as numbers from 0; none named are all, as in ONNX. */
    static int[] folded(Value x, int... axes) {
        return axes.length == 0
                ? IntStream.range(0, x.shape().rank()).toArray()
                : Arrays.stream(axes).map(x.shape()::axis).toArray();
    }

    static Shape reduced(Value x, boolean keep, int... axes) {
        List<Long> dims = new ArrayList<>();
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            int place = axis;
            if (Arrays.stream(axes).noneMatch(gone -> gone == place)) {
                dims.add(x.shape().dim(axis));
            } else if (keep) {
                dims.add(1L);
            }
        }
        return new Shape(dims);
    }

    static Shape reshaped(Value x, Shape shape) {
        List<Long> known =
                shape.dims().stream().filter(dim -> dim != Shape.DYNAMIC).toList();
        // ONNX takes a 0 for "as in the input".
        if (shape.rank() - known.size() > 1 || known.contains(0L)) {
            throw new OnnxException(
                    "Reshape of " + x + " to " + shape + "; expected sizes from 1 on and at most one dynamic");
        }
        long elements = known.stream().reduce(1L, Math::multiplyExact);
        if (!x.shape().dynamic()
                && (shape.dynamic()
                        ? x.shape().elements() % elements != 0
                        : x.shape().elements() != elements)) {
            throw new OnnxException("Reshape of " + x + " to " + shape + ": the numbers of elements disagree");
        }
        return shape;
    }

    static Shape transposed(Value x, int... permutation) {
        int[] axes = IntStream.range(0, x.shape().rank()).toArray();
        if (!Arrays.equals(axes, Arrays.stream(permutation).sorted().toArray())) {
            throw new OnnxException("Transpose of " + x + " by " + Arrays.toString(permutation)
                    + "; expected each axis from 0 to " + (axes.length - 1) + " once");
        }
        return new Shape(Arrays.stream(permutation).mapToObj(x.shape()::dim).toList());
    }

    static Shape squeezed(Value x, int axis) {
        if (x.shape().dim(axis) != 1) {
            throw new OnnxException("Squeeze of " + x + " on axis " + axis + "; expected the size 1 there");
        }
        return reduced(x, false, x.shape().axis(axis));
    }

    static Shape unsqueezed(Value x, int axis) {
        int rank = x.shape().rank() + 1;
        int place = axis < 0 ? axis + rank : axis;
        if (place < 0 || place >= rank) {
            throw new OnnxException(
                    "Unsqueeze of " + x + " on axis " + axis + "; expected one from " + -rank + " to " + (rank - 1));
        }
        List<Long> dims = new ArrayList<>(x.shape().dims());
        dims.add(place, 1L);
        return new Shape(dims);
    }

    static Shape joined(int axis, List<Value> parts) {
        Shape first = parts.getFirst().shape();
        long size = 0;
        for (Value part : parts) {
            if (part.shape().rank() != first.rank()
                    || !part.shape().with(axis, 1).equals(first.with(axis, 1))) {
                throw new OnnxException(
                        "Concat of " + parts + " on axis " + axis + "; expected the same sizes on all other axes");
            }
            long more = part.shape().dim(axis);
            size = size == Shape.DYNAMIC || more == Shape.DYNAMIC ? Shape.DYNAMIC : size + more;
        }
        return first.with(axis, size);
    }

    // Negative places count from the end, and what lies beyond an end stops there.
    static Shape sliced(Value x, int axis, long start, long end, long step) {
        long size = x.shape().dim(axis);
        if (size == Shape.DYNAMIC || step == 0) {
            throw new OnnxException("Slice of " + x + " on axis " + axis + " by steps of " + step
                    + "; expected a known size and a step other than 0");
        }
        long lowest = step > 0 ? 0 : -1;
        long from = Math.clamp(start < 0 ? start + size : start, 0, Math.max(0, size + lowest));
        long to = Math.clamp(end < 0 ? end + size : end, lowest, size + lowest);
        return x.shape().with(axis, size == 0 ? 0 : Math.max(0, Math.ceilDiv(to - from, step)));
    }

    static Shape padded(Value x, long[] before, long... after) {
        if (before.length != x.shape().rank() || after.length != x.shape().rank()) {
            throw new OnnxException("Pad of " + x + " by " + Arrays.toString(before) + " and " + Arrays.toString(after)
                    + "; expected a number for each axis");
        }
        List<Long> dims = new ArrayList<>();
        for (int axis = 0; axis < before.length; axis++) {
            dims.add(grown("Pad", x, axis, before[axis] + after[axis], 0));
        }
        return new Shape(dims);
    }

    static Shape gathered(Value x, Value indices, int axis) {
        List<Long> dims = new ArrayList<>(x.shape().dims());
        int place = x.shape().axis(axis);
        dims.remove(place);
        dims.addAll(place, indices.shape().dims());
        return new Shape(dims);
    }
}
