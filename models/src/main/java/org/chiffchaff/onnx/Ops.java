package org.chiffchaff.onnx;

import static org.chiffchaff.onnx.ElementType.BOOL;
import static org.chiffchaff.onnx.ElementType.FLOAT;
import static org.chiffchaff.onnx.ElementType.INT64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chiffchaff.onnx.GraphBuilder.Result;

/**
 * The operators we speak, of opset {@value OnnxFile#OPSET}: one method each, which emits one node and works out its
 * shape. Forward models and gradients are written in the same words. Longer than other files because it is a list.
 */
public final class Ops {
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
        Tensor tensor =
                like.type() == ElementType.DOUBLE ? Tensor.of(new double[] {value}) : Tensor.scalar((float) value);
        return graph.constant("constant", tensor);
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
        long rows = a.shape().dim(transposeA ? -1 : -2);
        long inner = a.shape().dim(transposeA ? -2 : -1);
        long otherInner = b.shape().dim(transposeB ? -1 : -2);
        long columns = b.shape().dim(transposeB ? -2 : -1);
        if (inner != otherInner) {
            throw new OnnxException(
                    "MatMul of " + a + " and " + b + ": " + inner + " columns against " + otherInner + " rows");
        }
        Shape batch = leading(a.shape()).broadcast(leading(b.shape()));
        List<Long> dims = new ArrayList<>(batch.dims());
        dims.add(rows);
        dims.add(columns);
        if (!transposeA && !transposeB) {
            return one("MatMul", List.of(a, b), a.type(), new Shape(dims));
        }
        Map<String, Attribute> attributes =
                Map.of("transA", Attribute.of(transposeA ? 1 : 0), "transB", Attribute.of(transposeB ? 1 : 0));
        return microsoft("FusedMatMul", List.of(a, b), attributes, result(a.type(), new Shape(dims)))
                .getFirst();
    }

    /** x [batch, in] times weight [out, in] transposed, plus bias [out]. */
    public Value linear(Value x, Value weight, Value bias) {
        Shape shape = Shape.of(x.shape().dim(0), weight.shape().dim(0));
        if (x.shape().dim(1) != weight.shape().dim(1)) {
            throw new OnnxException("Linear layer of " + x + " with weight " + weight + ": inputs disagree");
        }
        return one("Gemm", List.of(x, weight, bias), x.type(), shape, "transB", Attribute.of(1));
    }

    // ---- images: [batch, channels, height, width]

    /** A convolution of stride 1; pads are the same on both sides of an axis. */
    public Value conv(Value x, Value weight, Value bias, int padHeight, int padWidth) {
        Shape w = weight.shape();
        long height = grown(x.shape().dim(2), 2L * padHeight - w.dim(2) + 1);
        long width = grown(x.shape().dim(3), 2L * padWidth - w.dim(3) + 1);
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
        Shape shape =
                x.shape().with(2, x.shape().dim(2) * factor).with(3, x.shape().dim(3) * factor);
        return graph.node("", "Resize", List.of(x, Value.NONE, scales), List.of(result(x.type(), shape)), attributes)
                .getFirst();
    }

    /** Mean over height and width, kept as axes of size 1. */
    public Value globalAveragePool(Value x) {
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

    /** Sum over axes, kept as size 1 or dropped. */
    public Value reduceSum(Value x, boolean keep, int... axes) {
        long[] numbers =
                Arrays.stream(axes).mapToLong(axis -> x.shape().axis(axis)).toArray();
        return one(
                "ReduceSum",
                List.of(x, longs(numbers)),
                x.type(),
                reduced(x, keep, axes),
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
        if (!x.shape().dynamic() && !shape.dynamic() && x.shape().elements() != shape.elements()) {
            throw new OnnxException("Reshape of " + x + " to " + shape + ": the numbers of elements disagree");
        }
        return one("Reshape", List.of(x, longs(shape.toArray())), x.type(), shape);
    }

    public Value transpose(Value x, int... permutation) {
        List<Long> order =
                Arrays.stream(permutation).mapToObj(axis -> (long) axis).toList();
        Shape shape =
                new Shape(Arrays.stream(permutation).mapToObj(x.shape()::dim).toList());
        return one("Transpose", List.of(x), x.type(), shape, "perm", Attribute.of(order));
    }

    public Value unsqueeze(Value x, int axis) {
        List<Long> dims = new ArrayList<>(x.shape().dims());
        dims.add(axis, 1L);
        return one("Unsqueeze", List.of(x, longs(axis)), x.type(), new Shape(dims));
    }

    public Value squeeze(Value x, int axis) {
        return one("Squeeze", List.of(x, longs(axis)), x.type(), reduced(x, false, axis));
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
        Value first = parts.getFirst();
        long size = parts.stream().mapToLong(part -> part.shape().dim(axis)).sum();
        return one("Concat", parts, first.type(), first.shape().with(axis, size), "axis", Attribute.of(axis));
    }

    /** Elements {@code start}, {@code start + step}, ... before {@code end} of one axis whose size is known. */
    public Value slice(Value x, int axis, long start, long end, long step) {
        long count = Math.max(0, Math.ceilDiv(end - start, step));
        List<Value> inputs = List.of(x, longs(start), longs(end), longs(axis), longs(step));
        return one("Slice", inputs, x.type(), x.shape().with(axis, count));
    }

    /** One axis back to front. */
    public Value reverse(Value x, int axis) {
        long beforeFirst = -x.shape().dim(axis) - 1;
        List<Value> inputs = List.of(x, longs(-1), longs(beforeFirst), longs(axis), longs(-1));
        return one("Slice", inputs, x.type(), x.shape());
    }

    /** Zeros before and after each axis. */
    public Value pad(Value x, long[] before, long[] after) {
        List<Long> dims = new ArrayList<>();
        long[] pads = Arrays.copyOf(before, before.length * 2);
        System.arraycopy(after, 0, pads, before.length, after.length);
        for (int axis = 0; axis < before.length; axis++) {
            dims.add(grown(x.shape().dim(axis), before[axis] + after[axis]));
        }
        return one("Pad", List.of(x, longs(pads)), x.type(), new Shape(dims));
    }

    // The sizes of a value when the graph runs, as a list of whole numbers.
    private Value shapeOf(Value x) {
        return one("Shape", List.of(x), INT64, Shape.of(x.shape().rank()));
    }

    /** Repeats axes of size 1 until the value is as large as another, whatever that is when the graph runs. */
    public Value expandLike(Value x, Value like) {
        Value sizes =
                like.shape().dynamic() ? shapeOf(like) : longs(like.shape().toArray());
        return one("Expand", List.of(x, sizes), x.type(), x.shape().broadcast(like.shape()));
    }

    /** Rows of a table: x [rows, ...], indices of any shape. */
    public Value gather(Value x, Value indices, int axis) {
        List<Long> dims = new ArrayList<>(x.shape().dims());
        dims.remove(axis);
        dims.addAll(axis, indices.shape().dims());
        return one("Gather", List.of(x, indices), x.type(), new Shape(dims), "axis", Attribute.of(axis));
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
        return one(opType, List.of(a, b), type, a.shape().broadcast(b.shape()));
    }

    private Value like(String opType, Value x) {
        return one(opType, List.of(x), x.type(), x.shape());
    }

    private Value reduce(String opType, Value x, boolean keep, int... axes) {
        List<Long> numbers = Arrays.stream(axes)
                .mapToObj(axis -> (long) x.shape().axis(axis))
                .toList();
        Map<String, Attribute> attributes =
                Map.of("axes", Attribute.of(numbers), "keepdims", Attribute.of(keep ? 1 : 0));
        return graph.node("", opType, List.of(x), List.of(result(x.type(), reduced(x, keep, axes))), attributes)
                .getFirst();
    }

    private static Shape reduced(Value x, boolean keep, int... axes) {
        Set<Integer> gone = new HashSet<>();
        for (int axis : axes) {
            gone.add(x.shape().axis(axis));
        }
        List<Long> dims = new ArrayList<>();
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            if (!gone.contains(axis)) {
                dims.add(x.shape().dim(axis));
            } else if (keep) {
                dims.add(1L);
            }
        }
        return new Shape(dims);
    }

    private Value pool(String opType, Value x, int size) {
        Map<String, Attribute> attributes = Map.of(
                "kernel_shape", Attribute.of(Collections.nCopies(2, (long) size)),
                "strides", Attribute.of(Collections.nCopies(2, (long) size)));
        Shape shape =
                x.shape().with(2, x.shape().dim(2) / size).with(3, x.shape().dim(3) / size);
        return graph.node("", opType, List.of(x), List.of(result(x.type(), shape)), attributes)
                .getFirst();
    }

    private static Shape leading(Shape shape) {
        return new Shape(shape.dims().subList(0, shape.rank() - 2));
    }

    private static long grown(long dim, long by) {
        return dim == Shape.DYNAMIC && by == 0 ? dim : dim + by;
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
