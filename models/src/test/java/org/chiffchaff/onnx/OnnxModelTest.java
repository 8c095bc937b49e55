package org.chiffchaff.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A model's calls share its memory, one after another and never two at once. */
class OnnxModelTest {
    private static final int CALLERS = 4;

    private static OnnxModel doubling() {
        GraphBuilder graph = new GraphBuilder("doubling");
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(Shape.DYNAMIC, 1000));
        graph.output("y", new Ops(graph).add(x, x));
        return OnnxModel.load(graph.build(), 1);
    }

    // Of one row or two, so that a call finds the longer rest of another in the memory that it is given.
    private static void call(OnnxModel model, int number) {
        int rows = 1 + number % 2;
        float[] values = new float[rows * 1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = number + i;
        }
        float[] found = model.run(Tensor.of(values, rows, 1000)).getFirst().floats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= 2;
        }
        assertArrayEquals(values, found);
    }

    @Test
    void twoHundredCallsUseTheBuffersOfTheFirst() {
        try (OnnxModel model = doubling()) {
            long before = buffers();
            call(model, 1);
            long first = buffers();
            IntStream.range(0, 200).forEach(number -> call(model, number));
            assertEquals(before + 1, first);
            assertEquals(first, buffers());
        }
    }

    @Test
    void callsAtOnceDoNotMeet() throws InterruptedException, ExecutionException {
        try (OnnxModel model = doubling();
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            long before = buffers();
            List<? extends Future<?>> calls = IntStream.range(0, 200)
                    .mapToObj(number -> callers.submit(() -> call(model, number)))
                    .toList();
            for (Future<?> each : calls) {
                each.get();
            }
            // Each caller's buffer, and its first one where that was too small.
            assertTrue(buffers() - before <= 2 * CALLERS, buffers() - before + " buffers");
        }
    }

    private static long buffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getCount)
                .sum();
    }
}
