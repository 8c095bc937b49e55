package org.chiffchaff.training.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Libraries in place of NVIDIA's, with which ONNX Runtime's CUDA provider opens sessions where there is no GPU. It takes
 * their word that there is one, and places the nodes of a graph by the kernels it has, before any of them runs. They
 * cannot compute: a kernel does nothing, and a convolution finds no algorithm.
 */
final class CudaStandIns {
    // A function of one of the libraries that the provider needs, in a version named like the library.
    private static final Pattern NEEDED = Pattern.compile(" U (\\w+)@(libcu\\w+\\.so\\.\\d+)");

    // What opening a session needs an answer to: one device, of compute capability 9.0, which stands there in CUDA 13's
    // cudaDeviceProp, and memory. Everything else answers 0, which is success.
    private static final Map<String, String> ANSWERS = Pattern.compile("(?m)^\\w+ \\*?(\\w+)\\(.*$")
            .matcher("""
                    int cudaGetDeviceCount(int *count) { *count = 1; return 0; }
                    int cudaGetDevice(int *device) { *device = 0; return 0; }
                    int cudaGetDeviceProperties(char *of, int device) { memset(of, 0, 1008); *(int *)(of + 360) = 9; return 0; }
                    int cudaMalloc(void **place, size_t size) { *place = malloc(size); return 0; }
                    int cudaFree(void *place) { free(place); return 0; }
                    """)
            .results()
            .collect(Collectors.toMap(match -> match.group(1), MatchResult::group));

    private CudaStandIns() {}

    /**
     * Needs gcc and nm.
     *
     * @param provider libonnxruntime_providers_cuda.so, whose imports say what there must be
     * @param folder for the libraries
     */
    static void build(Path provider, Path folder) throws IOException, InterruptedException {
        Map<String, TreeSet<String>> needed = new TreeMap<>();
        Matcher matcher = NEEDED.matcher(run("nm", "-D", "--undefined-only", provider.toString()));
        while (matcher.find()) {
            needed.computeIfAbsent(matcher.group(2), library -> new TreeSet<>()).add(matcher.group(1));
        }
        // The driver, of which only the others make use.
        needed.put("libcuda.so.1", new TreeSet<>());
        for (Map.Entry<String, TreeSet<String>> each : needed.entrySet()) {
            Path source = folder.resolve(each.getKey() + ".c");
            Files.writeString(
                    source,
                    each.getValue().stream()
                            .map(name -> ANSWERS.getOrDefault(name, "int " + name + "(void) { return 0; }"))
                            .collect(Collectors.joining("\n", "#include <stdlib.h>\n#include <string.h>\n", "\n")));
            run(
                    "gcc",
                    "-shared",
                    "-fPIC",
                    "-w",
                    "-Wl,--default-symver,-soname," + each.getKey(),
                    "-o",
                    folder.resolve(each.getKey()).toString(),
                    source.toString());
            Files.delete(source);
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
        return said;
    }
}
