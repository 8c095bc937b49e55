package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chiffchaff.training.session.OrtTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training holds does not grow with its steps. */
class MemoryTest {
    private static final int EPOCHS = 50;

    @TempDir
    Path folder;

    // Four steps and two batches to validate on in each of fifty epochs; what the first needs, all the others use.
    @Test
    void twoHundredStepsUseTheBuffersOfTheFirst() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        TrainPlan plan = TinyRun.plan(EPOCHS, EPOCHS);
        List<Direct> held = new ArrayList<>();
        TrainingListener count = new TrainingListener() {
            @Override
            public void onStep(RunProgress progress) {}

            @Override
            public void onEpoch(RunProgress progress, boolean best) {
                held.add(Direct.now());
            }
        };
        try (OrtTrainer session = TinyRun.begin(run, plan)) {
            RunProgress end = new Trainer(plan, session, run, TinyRun.examples(10, 1), TinyRun.examples(6, 2), count)
                    .run(RunProgress.start(), () -> false, () -> false);
            assertEquals(200, end.step());
        }
        Direct first = held.getFirst();
        assertTrue(first.bytes() > 0, first.toString());
        // Fewer are well: what others left may be collected meanwhile.
        held.forEach(each -> assertTrue(
                each.buffers() <= first.buffers() && each.bytes() <= first.bytes(), each + " after " + first));
    }

    /** Buffers outside of Java's heap that are not collected yet. */
    private record Direct(long buffers, long bytes) {
        static Direct now() {
            BufferPoolMXBean pool = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(each -> each.getName().equals("direct"))
                    .findFirst()
                    .orElseThrow();
            return new Direct(pool.getCount(), pool.getMemoryUsed());
        }
    }
}
