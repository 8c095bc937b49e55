package org.chiffchaff.autodiff;

import static org.chiffchaff.onnx.ElementType.DOUBLE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.GraphBuilder;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs drawn at random: values used several times, broadcasts upon broadcasts, reductions of reductions. What a rule
 * gets right alone, the engine must still add up right. The seed of a failure is in its message.
 */
class RandomGraphsTest {
    private static final int GRAPHS = 100;
    private static final int STEPS = 10;
    private static final List<Shape> INPUTS = List.of(Shape.of(2, 3, 4), Shape.of(3, 1), Shape.of(4), Shape.SCALAR);

    static IntStream seeds() {
        return IntStream.range(0, GRAPHS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void gradientsAreTheSlopes(int seed) {
        GradientCase test = new GradientCase(
                "random",
                "seed " + seed,
                DOUBLE,
                GradientCase.Range.ANY,
                INPUTS,
                (op, x) -> new Drawing(op, seed).draw(x));
        GradientCheck.run(test, seed % 2 == 0 ? Device.CPU : Device.Cuda.of(0), 0, seed);
    }

    @Test
    void everyKindOfStepIsDrawn() {
        Set<String> drawn = new TreeSet<>();
        for (int seed = 0; seed < GRAPHS; seed++) {
            Ops ops = new Ops(new GraphBuilder("drawn"));
            List<Value> inputs = INPUTS.stream()
                    .map(shape -> ops.graph().input("x" + INPUTS.indexOf(shape), DOUBLE, shape))
                    .toList();
            new Drawing(ops, seed).draw(inputs);
            ops.graph().nodes().forEach(node -> drawn.add(GradientRules.name(node)));
        }
        // These have kernels in single precision only, or want images.
        Set<String> left = new TreeSet<>(GradientRules.standard().opTypes());
        left.removeAll(drawn);
        assertEquals(
                Set.of(
                        "AveragePool",
                        "BatchNormalization",
                        "Conv",
                        "Dropout",
                        "Gather",
                        "Gemm",
                        "GlobalAveragePool",
                        "Identity",
                        "MatMul",
                        "MaxPool",
                        "Relu",
                        "com.microsoft.BatchNormInternal"),
                left);
    }

    /** Ten steps, each on values made before; what nobody used is added up at the end. */
    private static final class Drawing {
        private final Ops op;
        private final SplittableRandom random;
        private final List<Value> values = new ArrayList<>();
        private final Set<Value> unused = new HashSet<>();

        Drawing(Ops op, long seed) {
            this.op = op;
            this.random = new SplittableRandom(seed);
        }

        Value draw(List<Value> inputs) {
            values.addAll(inputs);
            unused.addAll(inputs);
            for (int step = 0; step < STEPS; step++) {
                Value made = step();
                values.add(made);
                unused.add(made);
            }
            return values.stream()
                    .filter(unused::contains)
                    .map(value -> op.reduceSum(value, false))
                    .reduce(op::add)
                    .orElseThrow();
        }

        private Value take() {
            Value value = values.get(random.nextInt(values.size()));
            unused.remove(value);
            return value;
        }

        private Value step() {
            return switch (random.nextInt(5)) {
                case 0 -> alone(take());
                case 1, 2 -> together(take());
                case 3 -> folded(take());
                default -> moved(take());
            };
        }

        // Smooth, and small whatever comes in.
        private Value alone(Value x) {
            return switch (random.nextInt(9)) {
                case 0 -> op.tanh(x);
                case 1 -> op.sigmoid(x);
                case 2 -> op.exp(op.tanh(x));
                case 3 -> op.log(positive(x));
                case 4 -> op.sqrt(positive(x));
                case 5 -> op.neg(x);
                case 6 -> op.pow(positive(x), op.scalarLike(x, 2));
                case 7 -> op.abs(positive(x));
                default -> op.cast(x, DOUBLE);
            };
        }

        private Value positive(Value x) {
            return op.add(op.sigmoid(x), op.scalarLike(x, 0.5));
        }

        private Value together(Value a) {
            Value b = take();
            if (!broadcasts(a.shape(), b.shape())) {
                return op.tanh(op.mul(a, a));
            }
            return switch (random.nextInt(7)) {
                case 0 -> op.add(a, b);
                case 1 -> op.sub(a, b);
                case 2 -> op.mul(op.tanh(a), b);
                case 3 -> op.div(a, positive(b));
                case 4 -> op.max(a, op.add(b, op.scalarLike(b, 10)));
                case 5 -> op.where(op.greater(a, op.scalarLike(a, 100)), b, a);
                default -> op.pow(positive(a), op.tanh(b));
            };
        }

        private static boolean broadcasts(Shape a, Shape b) {
            return IntStream.rangeClosed(1, Math.min(a.rank(), b.rank()))
                    .allMatch(axis -> a.dim(-axis) == b.dim(-axis) || a.dim(-axis) == 1 || b.dim(-axis) == 1);
        }

        private Value folded(Value x) {
            if (x.shape().rank() == 0) {
                return op.tanh(x);
            }
            int axis = random.nextInt(x.shape().rank());
            boolean keep = random.nextBoolean();
            return switch (random.nextInt(5)) {
                case 0 -> op.reduceSum(x, keep, axis);
                case 1 -> op.reduceMean(x, keep, axis);
                case 2 -> op.softmax(x, axis);
                case 3 -> op.logSoftmax(x, axis);
                default -> op.reduceMax(x, keep, axis);
            };
        }

        private Value moved(Value x) {
            int rank = x.shape().rank();
            if (rank == 0 || x.shape().elements() > 200) {
                return op.expandLike(op.reduceSum(x, false), values.getFirst());
            }
            int axis = random.nextInt(rank);
            return switch (random.nextInt(9)) {
                case 0 -> op.reshape(x, Shape.of(x.shape().elements()));
                case 1 ->
                    op.transpose(
                            x, IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
                case 2 -> op.concat(axis, List.of(x, op.neg(x), x));
                case 3 -> op.slice(x, axis, -1, Long.MIN_VALUE, -2);
                case 4 -> op.pad(x, oneOn(rank, axis), oneOn(rank, random.nextInt(rank)));
                case 5 -> op.unsqueeze(x, axis);
                case 6 -> op.squeeze(op.reduceSum(x, true, axis), axis);
                case 7 -> op.flatten(x);
                default -> op.reverse(x, axis);
            };
        }

        private static long[] oneOn(int rank, int axis) {
            long[] pads = new long[rank];
            pads[axis] = 1;
            return pads;
        }
    }
}
