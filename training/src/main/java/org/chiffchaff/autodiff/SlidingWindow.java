package org.chiffchaff.autodiff;

import java.util.Collections;
import java.util.List;
import org.chiffchaff.onnx.Shape;

/**
 * How a kernel slides over [batch, channels, height, width]. Each list has a number for the height and one for the
 * width.
 *
 * @param kernel places of the kernel
 * @param strides pixels from one position to the next
 * @param dilations pixels from one place of the kernel to the next
 * @param before pixels added above and on the left
 * @param after pixels added below and on the right
 * @param positions where the kernel stops, as the output says
 */
record SlidingWindow(
        List<Long> kernel,
        List<Long> strides,
        List<Long> dilations,
        List<Long> before,
        List<Long> after,
        List<Long> positions) {
    private static final List<Long> NONE = List.of(0L, 0L);

    /**
     * Reads the attributes that convolution and pooling share.
     *
     * @throws AutodiffException where the node is not about images, or its output is not what its attributes make of it
     */
    static SlidingWindow of(Forward n, List<Long> kernel) {
        if (n.shape(0).rank() != 4) {
            throw n.refusal("the input " + n.x(0), "[batch, channels, height, width]");
        }
        List<Long> pads = pads(n, kernel);
        SlidingWindow window = new SlidingWindow(
                pair(n, "kernel_shape", kernel),
                strides(n),
                dilations(n),
                pads.subList(0, 2),
                pads.subList(2, 4),
                n.y().shape().dims().subList(2, 4));
        List<Long> expected = List.of(window.expected(n, 0), window.expected(n, 1));
        if (!expected.equals(window.positions)) {
            throw n.refusal(
                    "the output " + n.y() + " of the input " + n.x(0),
                    "what the attributes make of it, " + expected.get(0) + " by " + expected.get(1));
        }
        return window;
    }

    private static List<Long> strides(Forward n) {
        return pair(n, "strides", n.node().ints("strides", List.of(1L, 1L)));
    }

    private static List<Long> dilations(Forward n) {
        return pair(n, "dilations", n.node().ints("dilations", List.of(1L, 1L)));
    }

    private static List<Long> pair(Forward n, String attribute, List<Long> found) {
        if (found.size() != 2 || Collections.min(found) < 1) {
            throw n.refusal(attribute + " = " + found, "two numbers from 1 on");
        }
        return found;
    }

    // Top, left, bottom, right.
    private static List<Long> pads(Forward n, List<Long> kernel) {
        String automatic = n.node().text("auto_pad", "NOTSET");
        List<Long> given = n.node().ints("pads", List.of(0L, 0L, 0L, 0L));
        if (given.size() != 4
                || (!automatic.equals("NOTSET") && n.node().attributes().containsKey("pads"))) {
            throw n.refusal("pads = " + given + " and auto_pad = " + automatic, "four pads, or auto_pad alone");
        }
        return switch (automatic) {
            case "NOTSET", "VALID" -> given;
            case "SAME_UPPER", "SAME_LOWER" -> same(n, kernel, automatic.equals("SAME_LOWER"));
            default -> throw n.refusal("auto_pad = " + automatic, "NOTSET, VALID, SAME_UPPER and SAME_LOWER");
        };
    }

    // As many positions as strides fit in, the odd pixel after, or before.
    private static List<Long> same(Forward n, List<Long> kernel, boolean oddFirst) {
        long[] pads = new long[4];
        for (int axis = 0; axis < 2; axis++) {
            long size = n.shape(0).dim(2 + axis);
            long stride = strides(n).get(axis);
            long missing = (Math.ceilDiv(size, stride) - 1) * stride + kernel.get(axis) - size;
            if (size == Shape.DYNAMIC || dilations(n).get(axis) != 1 || missing < 0) {
                throw n.refusal(
                        "auto_pad = " + n.node().text("auto_pad", "") + " with input " + n.x(0) + ", strides "
                                + strides(n) + " and dilations " + dilations(n),
                        "a known height and width, strides no wider than the kernel, dilations of 1");
            }
            pads[axis] = oddFirst ? Math.ceilDiv(missing, 2) : missing / 2;
            pads[2 + axis] = missing - pads[axis];
        }
        return List.of(pads[0], pads[1], pads[2], pads[3]);
    }

    private long expected(Forward n, int axis) {
        long size = n.shape(0).dim(2 + axis);
        if (size == Shape.DYNAMIC) {
            return Shape.DYNAMIC;
        }
        long stride = strides.get(axis);
        long room = before.get(axis) + size + after.get(axis) - reach(axis);
        if (n.node().integer("ceil_mode", 0) == 0) {
            return room / stride + 1;
        }
        long rounded = Math.ceilDiv(room, stride) + 1;
        // The last position must begin on the image or before it.
        return (rounded - 1) * stride >= size + before.get(axis) ? rounded - 1 : rounded;
    }

    /** Pixels from the first place of the kernel to the last. */
    private long reach(int axis) {
        return (kernel.get(axis) - 1) * dilations.get(axis) + 1;
    }

    /** The first pixel under a place of the kernel, on the padded image. */
    long start(int axis, long place) {
        return place * dilations.get(axis);
    }

    /** One after the last pixel under a place of the kernel, on the padded image. */
    long end(int axis, long place) {
        return start(axis, place) + (positions.get(axis) - 1) * strides.get(axis) + 1;
    }

    /** The size of an axis with its pads. */
    long padded(int axis, long size) {
        return before.get(axis) + size + after(axis, size);
    }

    // A last position that is rounded up to may reach beyond the pads.
    private long after(int axis, long size) {
        return size == Shape.DYNAMIC
                ? after.get(axis)
                : Math.max(after.get(axis), end(axis, kernel.get(axis) - 1) - before.get(axis) - size);
    }

    /** The pads before each axis of the image. */
    long[] above() {
        return new long[] {0, 0, before.get(0), before.get(1)};
    }

    /** The pads after each axis of the image, so that every position lies on it. */
    long[] below(Shape image) {
        return new long[] {0, 0, after(0, image.dim(2)), after(1, image.dim(3))};
    }

    /** Whether the kernel does nothing but step pixel by pixel. */
    boolean stepless() {
        return strides.equals(List.of(1L, 1L)) && dilations.equals(List.of(1L, 1L));
    }

    /** Whether both sides of an axis get the same pads. */
    boolean even() {
        return before.equals(after);
    }

    /** Whether positions are squares side by side, all of them wholly on the image. */
    boolean tiles(long height, long width) {
        long size = kernel.getFirst();
        return kernel.equals(List.of(size, size))
                && strides.equals(kernel)
                && dilations.equals(List.of(1L, 1L))
                && before.equals(NONE)
                && positions.get(0) * size <= height
                && positions.get(1) * size <= width;
    }

    /** The same on an image that has its pads already. */
    SlidingWindow withoutPads() {
        return new SlidingWindow(kernel, strides, dilations, NONE, NONE, positions);
    }

    List<Long> pads() {
        return List.of(before.get(0), before.get(1), after.get(0), after.get(1));
    }
}
