package org.chiffchaff.training.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chiffchaff.models.Architecture;
import org.chiffchaff.models.LossHead;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the build with CUDA places the nodes of what trains, told by itself; there need be no GPU. */
class CudaPlacementTest {
    private static final Path BUILD = Path.of(System.getProperty("chiffchaff.cuda.build"));

    // A line of the log, with the session's name: where nodes are, or a copy between the memories of device and host.
    private static final Pattern TOLD =
            Pattern.compile("\\[\\w:onnxruntime:([^,]+), \\S+ \\w+\\] +(\\w.* placed on \\[\\w+\\]|Add Memcpy.*)");

    @TempDir
    private static Path folder;

    private static Path standIns;

    @BeforeAll
    static void buildStandIns() throws IOException, InterruptedException {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assumeTrue(system.equals("Linux amd64"), "the stand-ins are for Linux on x86-64, and this is " + system);
        assumeTrue(
                Files.exists(BUILD), "no build of ONNX Runtime with CUDA; -Pplacement fetches " + BUILD.getFileName());
        for (String tool : List.of("gcc", "nm")) {
            assumeTrue(there(tool), tool + " is not there to make stand-ins for NVIDIA's libraries");
        }
        Path unpacked = Path.of(run(folder, "doctor").getFirst());
        standIns = Files.createDirectory(folder.resolve("libraries"));
        CudaStandIns.build(unpacked.resolve("libonnxruntime_providers_cuda.so"), standIns);
    }

    @Test
    void everyNodeIsOnTheDeviceAndNothingIsCopied() throws IOException, InterruptedException {
        Map<String, List<String>> told = new TreeMap<>();
        for (String line : run(standIns, folder.resolve("artifacts").toString())) {
            Matcher matcher = TOLD.matcher(line);
            if (matcher.find()) {
                told.computeIfAbsent(matcher.group(1), name -> new ArrayList<>())
                        .add(matcher.group(2));
            }
        }
        Map<String, List<String>> expected = new TreeMap<>();
        for (Architecture network : Architecture.values()) {
            for (LossHead head : LossHead.values()) {
                // Of the training step, of the evaluation step and of the optimizer.
                expected.put(
                        network.label() + " with " + head.label(),
                        Collections.nCopies(3, "All nodes placed on [CUDAExecutionProvider]"));
            }
        }
        assertEquals(expected, told);
    }

    @Test
    void namesTheLibrariesThatAreMissing() throws IOException, InterruptedException {
        String said = run(folder, "doctor").get(1);
        assumeTrue(!said.equals("it can"), "CUDA works here");
        assertEquals(
                "cannot load libcuda.so.1, libcudart.so.13, libcublasLt.so.13, libcublas.so.13, libcufft.so.12,"
                        + " libcudnn.so.9; expected NVIDIA's driver, CUDA 13 and cuDNN 9 on LD_LIBRARY_PATH",
                said);
        // All that the provider imports, and nothing else.
        try (Stream<Path> libraries = Files.list(standIns)) {
            assertEquals(
                    Set.of(said.replaceAll("cannot load |;.*", "").split(", ", -1)),
                    libraries.map(each -> each.getFileName().toString()).collect(Collectors.toSet()));
        }
    }

    @Test
    void saysWhatADeviceDoesWrong() throws IOException, InterruptedException {
        List<String> said = run(standIns, "doctor");
        assertTrue(said.get(1).startsWith("CUDA device 0 says that 21 + 21 is "), said.get(1));
        assertTrue(
                said.get(2).startsWith("ONNX Runtime cannot add its CUDA provider: ")
                        && said.get(2)
                                .endsWith("Invalid device ID: 7, must be between 0 (inclusive) and 1 (exclusive)."),
                said.get(2));
    }

    private static boolean there(String tool) throws InterruptedException {
        try {
            return new ProcessBuilder(tool, "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    // What CudaSessions says on the build with CUDA, which goes before the one that these tests run on.
    private static List<String> run(Path libraries, String argument) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", "");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        BUILD + File.pathSeparator + System.getProperty("surefire.test.class.path"),
                        CudaSessions.class.getName(),
                        argument)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        int code = builder.start().waitFor();
        List<String> lines = Files.readAllLines(said);
        assertEquals(0, code, () -> String.join("\n", lines));
        return lines;
    }
}
