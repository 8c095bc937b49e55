package org.chiffchaff.training.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.chiffchaff.onnx.Device;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.training.TrainingException;
import org.chiffchaff.training.run.RunFolder;
import org.chiffchaff.training.run.TinyRun;
import org.chiffchaff.training.run.TrainPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    Path folder;

    @Test
    void comesBackFromOnnxRuntimeAsItWas() throws IOException {
        TrainPlan plan = TinyRun.plan(1, 1);
        Checkpoint written = TrainingArtifacts.of(
                        TinyRun.description(plan).network(), plan.loss().graph(3), AdamW.of(0, 0), Device.CPU)
                .checkpoint();
        try (OrtTrainer session = TinyRun.begin(RunFolder.create(folder), plan)) {
            session.save(folder.resolve("saved"));
        }
        Checkpoint saved = Checkpoint.read(folder.resolve("saved"));
        assertSame(written.trainable(), saved.trainable());
        assertSame(written.frozen(), saved.frozen());
        assertEquals(20, saved.trainable().size());
        assertTrue(
                saved.frozen().containsKey("focal.gamma"),
                saved.frozen().keySet().toString());
    }

    private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> found) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((name, tensor) -> {
            assertEquals(tensor.shape(), found.get(name).shape(), name);
            assertArrayEquals(tensor.floats(), found.get(name).floats(), name);
        });
    }

    @Test
    void refusesWhatIsNoCheckpoint() throws IOException {
        Path file = folder.resolve("checkpoint");
        assertRefused(file, "Cannot read the checkpoint " + file + ": java.nio.file.NoSuchFileException: " + file);
        Files.writeString(file, "Zilpzalp");
        assertRefused(file, file + " is no checkpoint of ONNX Runtime: its identifier is not ODTC");
        Files.writeString(file, "");
        assertRefused(file, file + " is no checkpoint of ONNX Runtime: its identifier is not ODTC");
    }

    @Test
    void refusesAnotherVersion() throws IOException {
        Path file = folder.resolve("checkpoint");
        FlatBufferBuilder builder = new FlatBufferBuilder();
        builder.startTable(4);
        builder.addInt(0, 3, 0);
        builder.finish(builder.endTable(), "ODTC");
        Files.write(file, builder.sizedByteArray());
        assertRefused(file, "Checkpoint " + file + " has version 3; expected 2");
    }

    @Test
    void damageIsNeverTakenForADefectOfOurs() throws IOException {
        Path file = folder.resolve("checkpoint");
        new Checkpoint(Map.of("weight", Tensor.filled(1, 2, 3)), Map.of()).write(file);
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, 40));
        String message = assertThrows(TrainingException.class, () -> Checkpoint.read(file))
                .getMessage();
        assertTrue(message.startsWith("The checkpoint " + file + " is damaged or cut short: "), message);
        for (int i = 0; i < content.length; i++) {
            byte[] damaged = content.clone();
            damaged[i] ^= (byte) 0x80;
            Files.write(file, damaged);
            try {
                Checkpoint.read(file);
            } catch (TrainingException e) {
                assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
            }
        }
    }

    @Test
    void namesAParameterItLacks() {
        Checkpoint checkpoint = new Checkpoint(Map.of("weight", Tensor.scalar(1)), Map.of("mean", Tensor.scalar(0)));
        assertEquals(
                "The checkpoint has no parameter bias; it has [weight] and [mean]",
                assertThrows(TrainingException.class, () -> checkpoint.parameter("bias"))
                        .getMessage());
    }

    private static void assertRefused(Path file, String message) {
        assertEquals(
                message,
                assertThrows(TrainingException.class, () -> Checkpoint.read(file))
                        .getMessage());
    }
}
