package org.chiffchaff.onnx;

import static org.chiffchaff.onnx.ElementType.DOUBLE;
import static org.chiffchaff.onnx.ElementType.FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes as {@link Ops} works them out, against those that ONNX Runtime makes; and what it refuses. */
class OpsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 4, 1",
        "1, 3, 1",
        "-3, -1, 1",
        "2, 100, 1",
        "-100, 2, 1",
        "3, 1, 1",
        "0, 4, 3",
        "3, 0, -1",
        "-1, -100, -2",
        "100, -4, -1",
        "0, 3, -1",
        "-2, -9223372036854775808, -3",
        "1, 9223372036854775807, 2"
    })
    void slicesTakeWhatOnnxRuntimeTakes(long start, long end, long step) {
        agrees((ops, x) -> ops.slice(x, -1, start, end, step));
    }

    @Test
    void axesMayCountFromTheEnd() {
        agrees((ops, x) -> ops.unsqueeze(x, -2));
        agrees((ops, x) -> ops.squeeze(ops.unsqueeze(x, 1), -2));
        agrees((ops, x) -> ops.concat(-2, List.of(x, x)));
        agrees((ops, x) -> ops.gather(x, ops.longs(2, 0, -1), -2));
        agrees((ops, x) -> ops.reduceSum(x, false, -1));
        agrees((ops, x) -> ops.reverse(x, -2));
    }

    @Test
    void noAxesAreAllAxes() {
        agrees((ops, x) -> ops.reduceSum(x, true));
        agrees((ops, x) -> ops.reduceMean(x, false));
        agrees((ops, x) -> ops.reduceMax(x, true));
    }

    @Test
    void padsMayTakePlacesAway() {
        agrees((ops, x) -> ops.pad(x, new long[] {-1, 2}, new long[] {0, -3}));
    }

    private static void agrees(BiFunction<Ops, Value, Value> operator) {
        Ops ops = new Ops(new GraphBuilder("shapes"));
        Value y = operator.apply(ops, ops.graph().input("x", FLOAT, Shape.of(3, 4)));
        ops.graph().output("y", y);
        assertEquals(run(ops, Tensor.filled(1, 3, 4)).shape(), y.shape());
    }

    private static Tensor run(Ops ops, Tensor input) {
        try (OnnxModel model = OnnxModel.load(ops.graph().build(), 1)) {
            return model.run(input).getFirst();
        }
    }

    @Test
    void placesUndoesSlices() {
        Ops ops = new Ops(new GraphBuilder("places"));
        Value x = ops.graph().input("x", FLOAT, Shape.of(Shape.DYNAMIC, 5));
        Value placed = ops.place(ops.slice(x, 1, 1, 5, 2), 1, 5, 1, 2);
        ops.graph().output("y", placed);
        assertEquals(Shape.of(Shape.DYNAMIC, 5), placed.shape());
        Tensor two = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 2, 5);
        assertArrayEquals(
                new float[] {0, 2, 0, 4, 0, 0, 7, 0, 9, 0}, run(ops, two).floats());
    }

    @Test
    void whatIsKnownOnlyWhenTheGraphRunsStaysSo() {
        Ops ops = new Ops(new GraphBuilder("dynamic"));
        Value tall = ops.graph().input("tall", FLOAT, Shape.of(1, 3, Shape.DYNAMIC, 5));
        Value weight = ops.graph().input("weight", FLOAT, Shape.of(2, 3, 3, 3));
        long[] none = new long[4];
        assertEquals(
                Shape.of(1, 2, -1, 3), ops.conv(tall, weight, Value.NONE, 0, 0).shape());
        assertEquals(
                Shape.of(1, 2, -1, 7), ops.conv(tall, weight, Value.NONE, 2, 2).shape());
        assertEquals(Shape.of(1, 3, -1, 2), ops.maxPool(tall, 2).shape());
        assertEquals(Shape.of(1, 3, -1, 10), ops.upsample(tall, 2).shape());
        assertEquals(
                Shape.of(1, 3, -1, 5),
                ops.pad(tall, none, new long[] {0, 0, 4, 0}).shape());
        assertEquals(Shape.of(1, 3, -1, 5), ops.concat(2, List.of(tall, tall)).shape());
        assertEquals(Shape.of(1, 3, -1, 5), ops.reverse(tall, 2).shape());
    }

    @Test
    void whatOnnxRuntimeWouldSeeOtherwiseIsRefused() {
        Ops ops = new Ops(new GraphBuilder("refused"));
        Value image = ops.graph().input("image", FLOAT, Shape.of(1, 3, 2, 5));
        Value kernels = ops.graph().input("kernels", FLOAT, Shape.of(2, 3, 4, 3));
        Value matrix = ops.graph().input("matrix", FLOAT, Shape.of(3, 4));
        Value batch = ops.graph().input("batch", FLOAT, Shape.of(Shape.DYNAMIC, 4));
        refused(
                "Conv of image: FLOAT[1, 3, 2, 5] leaves -1 places on axis 2; expected at least 1",
                () -> ops.conv(image, kernels, Value.NONE, 0, 0));
        refused(
                "Conv of matrix: FLOAT[3, 4]; expected 4 axes, [batch, channels, height, width]",
                () -> ops.conv(matrix, kernels, Value.NONE, 0, 0));
        refused(
                "GlobalAveragePool of matrix: FLOAT[3, 4]; expected 4 axes, [batch, channels, height, width]",
                () -> ops.globalAveragePool(matrix));
        refused(
                "MaxPool of image: FLOAT[1, 3, 2, 5] leaves 0 places on axis 2; expected at least 1",
                () -> ops.maxPool(image, 3));
        refused(
                "Pad of matrix: FLOAT[3, 4] leaves -1 places on axis 0; expected at least 0",
                () -> ops.pad(matrix, new long[] {-2, 0}, new long[] {-2, 0}));
        refused(
                "Pad of matrix: FLOAT[3, 4] by [1] and [1]; expected a number for each axis",
                () -> ops.pad(matrix, new long[] {1}, new long[] {1}));
        refused(
                "Slice of batch: FLOAT[?, 4] on axis 0 by steps of 1; expected a known size and a step other than 0",
                () -> ops.slice(batch, 0, -1, 1, 1));
        refused(
                "Reshape of matrix: FLOAT[3, 4] to [?, 5]: the numbers of elements disagree",
                () -> ops.reshape(matrix, Shape.of(Shape.DYNAMIC, 5)));
        refused(
                "Reshape of batch: FLOAT[?, 4] to [0, 4]; expected sizes from 1 on and at most one dynamic",
                () -> ops.reshape(batch, Shape.of(0, 4)));
        refused(
                "Transpose of matrix: FLOAT[3, 4] by [1, 1]; expected each axis from 0 to 1 once",
                () -> ops.transpose(matrix, 1, 1));
        refused("Squeeze of matrix: FLOAT[3, 4] on axis 1; expected the size 1 there", () -> ops.squeeze(matrix, 1));
        refused(
                "Unsqueeze of matrix: FLOAT[3, 4] on axis 3; expected one from -3 to 2",
                () -> ops.unsqueeze(matrix, 3));
        refused(
                "Concat of [matrix: FLOAT[3, 4], batch: FLOAT[?, 4]] on axis 1; expected the same sizes on all other "
                        + "axes",
                () -> ops.concat(1, List.of(matrix, batch)));
    }

    @Test
    void valuesOfDifferentTypesAreRefused() {
        Ops ops = new Ops(new GraphBuilder("types"));
        Value single = ops.graph().input("single", FLOAT, Shape.of(3));
        Value twice = ops.graph().input("twice", DOUBLE, Shape.of(3));
        refused("Mul of single: FLOAT[3] and twice: DOUBLE[3]; expected one type", () -> ops.mul(single, twice));
        refused(
                "Where of single: FLOAT[3], single: FLOAT[3] and single: FLOAT[3]; expected a condition and two values "
                        + "of one type",
                () -> ops.where(single, single, single));
    }

    @Test
    void productsThatDoNotFitAreRefused() {
        Ops ops = new Ops(new GraphBuilder("products"));
        Value matrix = ops.graph().input("matrix", FLOAT, Shape.of(3, 4));
        Value list = ops.graph().input("list", FLOAT, Shape.of(4));
        Value cube = ops.graph().input("cube", FLOAT, Shape.of(2, 3, 4));
        refused(
                "MatMul of matrix: FLOAT[3, 4] and list: FLOAT[4]; expected at least two axes of each",
                () -> ops.matmul(matrix, list));
        refused(
                "MatMul of matrix: FLOAT[3, 4] and matrix: FLOAT[3, 4]: 4 columns against 3 rows",
                () -> ops.matmul(matrix, matrix));
        refused(
                "Linear layer of cube: FLOAT[2, 3, 4]; expected 2 axes, [batch, inputs]",
                () -> ops.linear(cube, matrix, list));
    }

    private static void refused(String message, Executable build) {
        assertEquals(message, assertThrows(OnnxException.class, build).getMessage());
    }
}
