package org.chiffchaff.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor, outermost first. A size known only when the graph runs (the batch, or a product with it) is
 * {@link #DYNAMIC}; a graph of ours has at most one such size per value.
 */
public record Shape(List<Long> dims) {
    public static final long DYNAMIC = -1;
    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        dims = List.copyOf(dims);
        for (long dim : dims) {
            if (dim < DYNAMIC) {
                throw new OnnxException(
                        "Shape " + dims + " has the size " + dim + "; expected at least 0, or -1 for dynamic");
            }
        }
    }

    public static Shape of(long... dims) {
        List<Long> list = new ArrayList<>(dims.length);
        for (long dim : dims) {
            list.add(dim);
        }
        return new Shape(list);
    }

    public int rank() {
        return dims.size();
    }

    /** The size of an axis; negative axes count from the end. */
    public long dim(int axis) {
        return dims.get(axis(axis));
    }

    /** An axis as a number from 0; negative axes count from the end. */
    public int axis(int axis) {
        int positive = axis < 0 ? axis + rank() : axis;
        if (positive < 0 || positive >= rank()) {
            throw new OnnxException(
                    "Axis " + axis + " of shape " + this + "; expected one from " + -rank() + " to " + (rank() - 1));
        }
        return positive;
    }

    public boolean dynamic() {
        return dims.contains(DYNAMIC);
    }

    /**
     * The number of elements.
     *
     * @throws OnnxException where a size is dynamic
     */
    public long elements() {
        if (dynamic()) {
            throw new OnnxException("The number of elements of " + this + " is known only when the graph runs");
        }
        return dims.stream().reduce(1L, Math::multiplyExact);
    }

    /** This shape with one size replaced. */
    public Shape with(int axis, long dim) {
        List<Long> changed = new ArrayList<>(dims);
        changed.set(axis(axis), dim);
        return new Shape(changed);
    }

    /** The sizes in a new array. */
    public long[] toArray() {
        return dims.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * NumPy's broadcasting: aligned at the last axis, sizes equal or one of them 1.
     *
     * @throws OnnxException where two sizes disagree
     */
    public Shape broadcast(Shape other) {
        int rank = Math.max(rank(), other.rank());
        List<Long> result = new ArrayList<>(rank);
        for (int fromEnd = rank; fromEnd >= 1; fromEnd--) {
            long mine = fromEnd <= rank() ? dim(-fromEnd) : 1;
            long theirs = fromEnd <= other.rank() ? other.dim(-fromEnd) : 1;
            if (mine != theirs && mine != 1 && theirs != 1) {
                throw new OnnxException(
                        "Shapes " + this + " and " + other + " do not broadcast: " + mine + " against " + theirs);
            }
            result.add(mine == 1 ? theirs : mine);
        }
        return new Shape(result);
    }

    @Override
    public String toString() {
        return dims.stream()
                .map(dim -> dim == DYNAMIC ? "?" : Long.toString(dim))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
