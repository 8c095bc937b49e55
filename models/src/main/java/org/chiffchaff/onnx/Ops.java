package org.chiffchaff.onnx;

import static org.chiffchaff.onnx.ElementType.BOOL;
import static org.chiffchaff.onnx.ElementType.FLOAT;
import static org.chiffchaff.onnx.ElementType.INT64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.chiffchaff.onnx.GraphBuilder.Result;

/**
 * The operators we speak, of opset {@value OnnxFile#OPSET}: one method each, which emits one node and works out its
 * shape. Forward models and gradients are written in the same words. Longer than other files because it is a list.
 */
public final class Ops {
    private static final String IMAGE = "[batch, channels, height, width]";

    private final GraphBuilder graph;

    public Ops(GraphBuilder graph) {
        this.graph = graph;
    }

    public GraphBuilder graph() {
        return graph;
    }

    // ---- constants

    /** A scalar constant of the type of another value. */
    public Value scalarLike(Value like, double value) {
        return graph.constant(
                "constant",
                switch (like.type()) {
                    case FLOAT -> Tensor.scalar((float) value);
                    case DOUBLE -> Tensor.of(new double[] {value});
                    case INT64 -> Tensor.of(new long[] {(long) value});
                    case BOOL -> throw new OnnxException("No number of the type of " + like);
                });
    }

    public Value longs(long... values) {
        return graph.constant("constant", Tensor.of(values, values.length));
    }

    public Value constant(Tensor tensor) {
        return graph.constant("constant", tensor);
    }

    // ---- element by element, broadcasting

    public Value add(Value a, Value b) {
        return broadcast("Add", a, b, a.type());
    }

    public Value sub(Value a, Value b) {
        return broadcast("Sub", a, b, a.type());
    }

    public Value mul(Value a, Value b) {
        return broadcast("Mul", a, b, a.type());
    }

    public Value div(Value a, Value b) {
        return broadcast("Div", a, b, a.type());
    }

    public Value pow(Value base, Value exponent) {
        return broadcast("Pow", base, exponent, base.type());
    }

    public Value max(Value a, Value b) {
        return broadcast("Max", a, b, a.type());
    }

    public Value equal(Value a, Value b) {
        return broadcast("Equal", a, b, BOOL);
    }

    public Value greater(Value a, Value b) {
        return broadcast("Greater", a, b, BOOL);
    }

    public Value where(Value condition, Value yes, Value no) {
        if (condition.type() != BOOL || yes.type() != no.type()) {
            throw new OnnxException("Where of " + condition + ", " + yes + " and " + no
                    + "; expected a condition and two values of one type");
        }
        Shape shape = condition.shape().broadcast(yes.shape()).broadcast(no.shape());
        return one("Where", List.of(condition, yes, no), yes.type(), shape);
    }

    public Value neg(Value x) {
        return like("Neg", x);
    }

    public Value exp(Value x) {
        return like("Exp", x);
    }

    public Value log(Value x) {
        return like("Log", x);
    }

    public Value sqrt(Value x) {
        return like("Sqrt", x);
    }

    public Value abs(Value x) {
        return like("Abs", x);
    }

    public Value sign(Value x) {
        return like("Sign", x);
    }

    public Value sigmoid(Value x) {
        return like("Sigmoid", x);
    }

    public Value tanh(Value x) {
        return like("Tanh", x);
    }

    public Value relu(Value x) {
        return like("Relu", x);
    }

    public Value identity(Value x) {
        return like("Identity", x);
    }

    public Value cast(Value x, ElementType to) {
        return one("Cast", List.of(x), to, x.shape(), "to", Attribute.of(to.code()));
    }

    /** Softmax over one axis. */
    public Value softmax(Value x, int axis) {
        return one(
                "Softmax",
                List.of(x),
                x.type(),
                x.shape(),
                "axis",
                Attribute.of(x.shape().axis(axis)));
    }

    /** Logarithm of the softmax over one axis. */
    public Value logSoftmax(Value x, int axis) {
        return one(
                "LogSoftmax",
                List.of(x),
                x.type(),
                x.shape(),
                "axis",
                Attribute.of(x.shape().axis(axis)));
    }

    /** Dropout as inference sees it: nothing happens, but training finds the place and the ratio. */
    public Value dropout(Value x, float ratio) {
        return one("Dropout", List.of(x, graph.constant("ratio", Tensor.scalar(ratio))), x.type(), x.shape());
    }

    /** Dropout at work: the output, and the mask of what was kept. */
    public List<Value> dropoutTraining(Value x, Value ratio) {
        Value training = graph.constant("training", Tensor.scalar(true));
        return graph.node(
                "",
                "Dropout",
                List.of(x, ratio, training),
                List.of(result(x.type(), x.shape()), result(BOOL, x.shape())),
                Map.of());
    }

    // ---- matrices

    /** [..., m, k] times [..., k, n]. */
    public Value matmul(Value a, Value b) {
        return matmul(a, b, false, false);
    }

    /** A product of matrices, either one transposed in its last two axes on the way, without a copy. */
    public Value matmul(Value a, Value b, boolean transposeA, boolean transposeB) {
        Shape shape = OutputShapes.matmul(a, b, transposeA, transposeB);
        if (!transposeA && !transposeB) {
            return one("MatMul", List.of(a, b), a.type(), shape);
        }
        Map<String, Attribute> attributes =
                Map.of("transA", Attribute.of(transposeA ? 1 : 0), "transB", Attribute.of(transposeB ? 1 : 0));
        return microsoft("FusedMatMul", List.of(a, b), attributes, result(a.type(), shape))
                .getFirst();
    }

    /** x [batch, in] times weight [out, in] transposed, plus bias [out]. */
    public Value linear(Value x, Value weight, Value bias) {
        OutputShapes.requireRank("Linear layer", x, 2, "[batch, inputs]");
        OutputShapes.requireRank("Linear layer with weight", weight, 2, "[outputs, inputs]");
        if (x.shape().dim(1) != weight.shape().dim(1)) {
            throw new OnnxException("Linear layer of " + x + " with weight " + weight + ": inputs disagree");
        }
        Shape shape = Shape.of(x.shape().dim(0), weight.shape().dim(0));
        return one("Gemm", List.of(x, weight, bias), x.type(), shape, "transB", Attribute.of(1));
    }

    // ---- images: [batch, channels, height, width]

    /** A convolution of stride 1; pads are the same on both sides of an axis. */
    public Value conv(Value x, Value weight, Value bias, int padHeight, int padWidth) {
        Shape w = weight.shape();
        OutputShapes.requireRank("Conv", x, 4, IMAGE);
        OutputShapes.requireRank("Conv with kernels", weight, 4, "[outputs, inputs, height, width]");
        if (x.shape().dim(1) != w.dim(1)) {
            throw new OnnxException("Conv of " + x + " with kernels " + weight + ": inputs disagree");
        }
        long height = OutputShapes.grown("Conv", x, 2, 2L * padHeight - w.dim(2) + 1, 1);
        long width = OutputShapes.grown("Conv", x, 3, 2L * padWidth - w.dim(3) + 1, 1);
        List<Value> inputs = bias.present() ? List.of(x, weight, bias) : List.of(x, weight);
        Map<String, Attribute> attributes = Map.of(
                "kernel_shape", Attribute.of(List.of(w.dim(2), w.dim(3))),
                "pads", Attribute.of(List.of((long) padHeight, (long) padWidth, (long) padHeight, (long) padWidth)));
        return graph.node(
                        "",
                        "Conv",
                        inputs,
                        List.of(result(x.type(), Shape.of(x.shape().dim(0), w.dim(0), height, width))),
                        attributes)
                .getFirst();
    }

    /** The greatest of each tile of size x size; what does not fill a tile is left out. */
    public Value maxPool(Value x, int size) {
        return pool("MaxPool", x, size);
    }

    /** The mean of each tile of size x size; what does not fill a tile is left out. */
    public Value averagePool(Value x, int size) {
        return pool("AveragePool", x, size);
    }

    /** Each element repeated factor x factor times, side by side. */
    public Value upsample(Value x, int factor) {
        Value scales = constant(Tensor.of(new float[] {1, 1, factor, factor}, 4));
        Map<String, Attribute> attributes = Map.of(
                "mode", Attribute.of("nearest"),
                "coordinate_transformation_mode", Attribute.of("asymmetric"),
                "nearest_mode", Attribute.of("floor"));
        OutputShapes.requireRank("Resize", x, 4, IMAGE);
        Shape shape = x.shape()
                .with(2, times(x.shape().dim(2), factor))
                .with(3, times(x.shape().dim(3), factor));
        return graph.node("", "Resize", List.of(x, Value.NONE, scales), List.of(result(x.type(), shape)), attributes)
                .getFirst();
    }

    private static long times(long size, int factor) {
        return size == Shape.DYNAMIC ? size : size * factor;
    }

    /** Mean over height and width, kept as axes of size 1. */
    public Value globalAveragePool(Value x) {
        OutputShapes.requireRank("GlobalAveragePool", x, 4, IMAGE);
        return one(
                "GlobalAveragePool", List.of(x), x.type(), x.shape().with(2, 1).with(3, 1));
    }

    /** Batch normalisation with the running statistics (Ioffe and Szegedy 2015, arXiv 1502.03167). */
    public Value batchNormalization(
            Value x, Value scale, Value shift, Value mean, Value variance, float epsilon, float momentum) {
        Map<String, Attribute> attributes =
                Map.of("epsilon", Attribute.of(epsilon), "momentum", Attribute.of(momentum));
        return graph.node(
                        "",
                        "BatchNormalization",
                        List.of(x, scale, shift, mean, variance),
                        List.of(result(x.type(), x.shape())),
                        attributes)
                .getFirst();
    }

    // ---- reductions

    /** Sum over axes, kept as size 1 or dropped; over all where none is named. */
    public Value reduceSum(Value x, boolean keep, int... axes) {
        int[] folded = OutputShapes.folded(x, axes);
        return one(
                "ReduceSum",
                List.of(x, longs(Arrays.stream(folded).asLongStream().toArray())),
                x.type(),
                OutputShapes.reduced(x, keep, folded),
                "keepdims",
                Attribute.of(keep ? 1 : 0));
    }

    public Value reduceMean(Value x, boolean keep, int... axes) {
        return reduce("ReduceMean", x, keep, axes);
    }

    public Value reduceMax(Value x, boolean keep, int... axes) {
        return reduce("ReduceMax", x, keep, axes);
    }

    /** Sum of squares over all elements, a scalar. */
    public Value sumOfSquares(Value x) {
        return one("ReduceSumSquare", List.of(x), x.type(), Shape.SCALAR, "keepdims", Attribute.of(0));
    }

    // ---- shape

    /** A new shape with the same elements; at most one size is {@link Shape#DYNAMIC}. */
    public Value reshape(Value x, Shape shape) {
        return one("Reshape", List.of(x, longs(shape.toArray())), x.type(), OutputShapes.reshaped(x, shape));
    }

    public Value transpose(Value x, int... permutation) {
        List<Long> order =
                Arrays.stream(permutation).mapToObj(axis -> (long) axis).toList();
        Shape shape = OutputShapes.transposed(x, permutation);
        return one("Transpose", List.of(x), x.type(), shape, "perm", Attribute.of(order));
    }

    /** A new axis of size 1, at this place of the result. */
    public Value unsqueeze(Value x, int axis) {
        return one("Unsqueeze", List.of(x, longs(axis)), x.type(), OutputShapes.unsqueezed(x, axis));
    }

    /** Drops an axis of size 1. */
    public Value squeeze(Value x, int axis) {
        return one("Squeeze", List.of(x, longs(axis)), x.type(), OutputShapes.squeezed(x, axis));
    }

    /** Everything from an axis on becomes one axis. */
    public Value flatten(Value x) {
        long columns = Shape.of(x.shape().dims().stream()
                        .skip(1)
                        .mapToLong(Long::longValue)
                        .toArray())
                .elements();
        return one("Flatten", List.of(x), x.type(), Shape.of(x.shape().dim(0), columns), "axis", Attribute.of(1));
    }

    public Value concat(int axis, List<Value> parts) {
        Shape shape = OutputShapes.joined(axis, parts);
        return one("Concat", parts, parts.getFirst().type(), shape, "axis", Attribute.of(axis));
    }

    /**
     * Elements {@code start}, {@code start + step}, ... before {@code end} of one axis whose size is known. Negative
     * places count from the end; one beyond an end stops there.
     */
    public Value slice(Value x, int axis, long start, long end, long step) {
        List<Value> inputs = List.of(x, longs(start), longs(end), longs(axis), longs(step));
        return one("Slice", inputs, x.type(), OutputShapes.sliced(x, axis, start, end, step));
    }

    /** One axis back to front. */
    public Value reverse(Value x, int axis) {
        long size = x.shape().dim(axis);
        long beforeFirst = size == Shape.DYNAMIC ? Long.MIN_VALUE : -size - 1;
        List<Value> inputs = List.of(x, longs(-1), longs(beforeFirst), longs(axis), longs(-1));
        return one("Slice", inputs, x.type(), x.shape());
    }

    /** Zeros before and after each axis; a negative number takes places away. */
    public Value pad(Value x, long[] before, long[] after) {
        Shape shape = OutputShapes.padded(x, before, after);
        return one("Pad", List.of(x, longs(joined(before, after))), x.type(), shape);
    }

    /** {@link #pad(Value, long[], long[])} with another number than zero. */
    public Value pad(Value x, long[] before, long[] after, double value) {
        Shape shape = OutputShapes.padded(x, before, after);
        return one("Pad", List.of(x, longs(joined(before, after)), scalarLike(x, value)), x.type(), shape);
    }

    /** Takes away what {@link #pad} with the same numbers adds. */
    public Value unpad(Value x, long[] before, long[] after) {
        return pad(
                x,
                Arrays.stream(before).map(n -> -n).toArray(),
                Arrays.stream(after).map(n -> -n).toArray());
    }

    private static long[] joined(long[] before, long... after) {
        return LongStream.concat(Arrays.stream(before), Arrays.stream(after)).toArray();
    }

    /** The reverse of {@link #slice}: an axis of {@code size} zeros, but x at {@code start}, {@code start + step}, ... */
    public Value place(Value x, int axis, long size, long start, long step) {
        long end = start + (x.shape().dim(axis) - 1) * step + 1;
        Shape shape = x.shape().with(axis, size);
        List<Value> inputs = List.of(x, sizes(x, axis, size), longs(start), longs(end), longs(axis), longs(step));
        return microsoft("SliceGrad", inputs, Map.of(), result(x.type(), shape)).getFirst();
    }

    /** The sizes of a value as a list of whole numbers, known now or when the graph runs. */
    public Value sizes(Value x) {
        return x.shape().dynamic()
                ? one("Shape", List.of(x), INT64, Shape.of(x.shape().rank()))
                : longs(x.shape().toArray());
    }

    // The sizes of a value with one of them replaced.
    private Value sizes(Value x, int axis, long size) {
        Shape shape = x.shape().with(axis, size);
        if (!shape.dynamic()) {
            return longs(shape.toArray());
        }
        Value found = sizes(x);
        Value before = slice(found, 0, 0, axis, 1);
        Value after = slice(found, 0, axis + 1L, Long.MAX_VALUE, 1);
        return concat(0, List.of(before, longs(size), after));
    }

    /** Repeats axes of size 1 until the value is as large as another, whatever that is when the graph runs. */
    public Value expandLike(Value x, Value like) {
        return one("Expand", List.of(x, sizes(like)), x.type(), x.shape().broadcast(like.shape()));
    }

    /** Rows of a table: x [rows, ...], indices of any shape. */
    public Value gather(Value x, Value indices, int axis) {
        Shape shape = OutputShapes.gathered(x, indices, axis);
        return one("Gather", List.of(x, indices), x.type(), shape, "axis", Attribute.of(axis));
    }

    /** indices [n] to [n, depth]: 1 at the index, 0 elsewhere. */
    public Value oneHot(Value indices, long depth) {
        Value values = graph.constant("constant", Tensor.of(new float[] {0, 1}, 2));
        List<Long> dims = new ArrayList<>(indices.shape().dims());
        dims.add(depth);
        return one("OneHot", List.of(indices, longs(depth), values), FLOAT, new Shape(dims), "axis", Attribute.of(-1));
    }

    // ---- ONNX Runtime's own operators

    /**
     * A node of any domain, for operators and forms that have no method here.
     */
    public List<Value> node(
            String domain, String opType, List<Value> inputs, Map<String, Attribute> attributes, Result... results) {
        return graph.node(domain, opType, inputs, List.of(results), attributes);
    }

    /** A node of the domain {@value Node#MICROSOFT}. */
    public List<Value> microsoft(
            String opType, List<Value> inputs, Map<String, Attribute> attributes, Result... results) {
        return node(Node.MICROSOFT, opType, inputs, attributes, results);
    }

    /** The result of a node that has the type and shape of a value. */
    public static Result like(Value value) {
        return result(value.type(), value.shape());
    }

    public static Result result(ElementType type, Shape shape) {
        return new Result(type, shape);
    }

    // ---- shared by the above

    private Value broadcast(String opType, Value a, Value b, ElementType type) {
        if (a.type() != b.type()) {
            throw new OnnxException(opType + " of " + a + " and " + b + "; expected one type");
        }
        return one(opType, List.of(a, b), type, a.shape().broadcast(b.shape()));
    }

    private Value like(String opType, Value x) {
        return one(opType, List.of(x), x.type(), x.shape());
    }

    private Value reduce(String opType, Value x, boolean keep, int... axes) {
        int[] folded = OutputShapes.folded(x, axes);
        List<Long> numbers = Arrays.stream(folded).asLongStream().boxed().toList();
        Map<String, Attribute> attributes =
                Map.of("axes", Attribute.of(numbers), "keepdims", Attribute.of(keep ? 1 : 0));
        Shape shape = OutputShapes.reduced(x, keep, folded);
        return graph.node("", opType, List.of(x), List.of(result(x.type(), shape)), attributes)
                .getFirst();
    }

    private Value pool(String opType, Value x, int size) {
        OutputShapes.requireRank(opType, x, 4, IMAGE);
        Map<String, Attribute> attributes = Map.of(
                "kernel_shape", Attribute.of(Collections.nCopies(2, (long) size)),
                "strides", Attribute.of(Collections.nCopies(2, (long) size)));
        Shape shape = x.shape()
                .with(2, OutputShapes.tiles(opType, x, 2, size))
                .with(3, OutputShapes.tiles(opType, x, 3, size));
        return graph.node("", opType, List.of(x), List.of(result(x.type(), shape)), attributes)
                .getFirst();
    }

    private Value one(String opType, List<Value> inputs, ElementType type, Shape shape) {
        return graph.node("", opType, inputs, List.of(result(type, shape)), Map.of())
                .getFirst();
    }

    private Value one(
            String opType, List<Value> inputs, ElementType type, Shape shape, String attribute, Attribute value) {
        return graph.node("", opType, inputs, List.of(result(type, shape)), new TreeMap<>(Map.of(attribute, value)))
                .getFirst();
    }
}
