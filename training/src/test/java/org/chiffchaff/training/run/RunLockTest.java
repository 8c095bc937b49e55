package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.command.InterruptedTrainingTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Within one process; {@link InterruptedTrainingTest} has two. */
class RunLockTest {
    @TempDir
    Path folder;

    @Test
    void isHeldByOneAtATime() {
        AtomicInteger worked = new AtomicInteger();
        RunLock.holding(folder, () -> {
            long process = ProcessHandle.current().pid();
            assertEquals(
                    "The run " + folder + " is being trained already, by process " + process
                            + "; wait until it ends, or stop it (kill " + process
                            + " saves it), then: train --resume " + folder,
                    assertThrows(
                                    TrainingException.class,
                                    () -> RunLock.holding(folder.resolve("."), worked::incrementAndGet))
                            .getMessage()
                            .replace("/. ", " ")
                            .replaceAll("/\\.$", ""));
        });
        assertThrows(
                IllegalStateException.class,
                () -> RunLock.holding(folder, () -> {
                    throw new IllegalStateException("fails");
                }));
        RunLock.holding(folder, worked::incrementAndGet);
        assertEquals(1, worked.get());
    }
}
