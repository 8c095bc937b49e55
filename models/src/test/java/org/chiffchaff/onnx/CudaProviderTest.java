package org.chiffchaff.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the build without CUDA says of it; the other one is tested where training is. */
class CudaProviderTest {
    @BeforeAll
    static void withoutCuda() {
        assumeTrue(Files.notExists(OrtLibrary.library(CudaProvider.LIBRARY)), "this build has CUDA");
    }

    @Test
    void theBuildWithoutCudaSaysSo() {
        assertEquals(
                Optional.of("this build of ONNX Runtime has no CUDA; ./mvnw -Pcuda package makes one that has, on Linux"
                        + " or Windows with an x86-64 processor"),
                OrtLibrary.missing(Device.Cuda.of(0)));
    }

    @Test
    void passesOnWhatTheRuntimeSays() throws OrtException {
        CudaProvider provider = new CudaProvider(OrtLibrary.library("onnxruntime"));
        try (OrtSession.SessionOptions options = OrtLibrary.options(1, Device.CPU)) {
            OnnxException e = assertThrows(OnnxException.class, () -> provider.add(Device.Cuda.of(0), options));
            assertEquals(
                    "ONNX Runtime cannot add its CUDA provider: CUDA execution provider is not enabled in this build.",
                    e.getMessage());
        }
    }

    @Test
    void refusesDevicesThatThereCannotBe() {
        OnnxException index = assertThrows(OnnxException.class, () -> Device.Cuda.of(-1));
        assertEquals("CUDA device is -1; expected 0 or more", index.getMessage());
        OnnxException memory =
                assertThrows(OnnxException.class, () -> new Device.Cuda(0, false, Device.Search.HEURISTIC, 0));
        assertEquals("The memory limit of CUDA device 0 is 0 bytes; expected more than none", memory.getMessage());
    }
}
