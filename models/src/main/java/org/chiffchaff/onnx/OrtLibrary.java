package org.chiffchaff.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.chiffchaff.cache.CacheException;
import org.chiffchaff.cache.CacheFolder;

/**
 * The one door to ONNX Runtime's native library. Microsoft's Java classes and JNI meet Bytedeco's build of the same
 * version, whose training API is compiled in: both are unpacked into one folder, and the Java classes are told of it
 * before they first load.
 */
public final class OrtLibrary {
    private static final String FOLDER_PROPERTY = "onnxruntime.native.path";
    private static final String BYTEDECO = "/org/bytedeco/onnxruntime/";
    private static final String MICROSOFT = "/ai/onnxruntime/native/";

    private static Optional<OrtEnvironment> environment = Optional.empty();

    private OrtLibrary() {}

    /**
     * ONNX Runtime itself, loaded at the first call; one per process. Any thread.
     *
     * @throws CacheException where no folder can hold its libraries
     * @throws OnnxException where they cannot be unpacked for another reason
     */
    // No static initialiser, which would bury the reason of a failure, and tell it only once.
    public static synchronized OrtEnvironment environment() {
        if (environment.isEmpty()) {
            environment = Optional.of(load());
        }
        return environment.get();
    }

    /** Where the native libraries lie that are loaded. */
    public static Path folder() {
        environment();
        return Path.of(System.getProperty(FOLDER_PROPERTY));
    }

    /**
     * Options for a session, made only once the right library is loaded: the Java classes load whatever they find at
     * first touch.
     *
     * @param threads native threads one call may use; 0 leaves the choice to the runtime
     * @return to be closed by the caller
     * @throws OnnxException where the device cannot be had
     */
    public static OrtSession.SessionOptions options(int threads, Device device) throws OrtException {
        environment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            if (device instanceof Device.Cuda cuda) {
                add(cuda, options);
            }
            return options;
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
        }
    }

    private static void add(Device.Cuda device, OrtSession.SessionOptions options) {
        if (Files.notExists(library(CudaProvider.LIBRARY))) {
            throw new OnnxException("this build of ONNX Runtime has no CUDA; ./mvnw -Pcuda package makes one that has,"
                    + " on Linux or Windows with an x86-64 processor");
        }
        CudaProvider.requireLibraries();
        new CudaProvider(library("onnxruntime")).add(device, options);
    }

    /**
     * Why no graph can run on a CUDA device: the build lacks CUDA, libraries of NVIDIA's are missing, or the device
     * does not do what it is asked to. Empty where one can.
     */
    public static Optional<String> missing(Device.Cuda device) {
        GraphBuilder graph = new GraphBuilder("trial");
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(1));
        graph.output("sum", new Ops(graph).add(x, x));
        try (OnnxModel model = OnnxModel.load(graph.build(), 1, device)) {
            float sum = model.run(Tensor.of(new float[] {21}, 1)).getFirst().floats()[0];
            return sum == 42 ? Optional.empty() : Optional.of(device.label() + " says that 21 + 21 is " + sum);
        } catch (OnnxException e) {
            return Optional.of(e.getMessage());
        }
    }

    static Path library(String name) {
        return folder().resolve(Platform.current().file(name));
    }

    private static OrtEnvironment load() {
        Platform platform = Platform.current();
        String resources = platform.folder();
        Path folder = CacheFolder.of("onnxruntime").resolve(version() + "-" + platform.build(resources));
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> library :
                    platform.libraries(resources).entrySet()) {
                unpack(library.getKey(), folder.resolve(library.getValue()));
            }
        } catch (IOException e) {
            throw new OnnxException(
                    "Cannot unpack ONNX Runtime into " + folder + " (" + e + "); name another folder with --cache-dir",
                    e);
        }
        System.setProperty(FOLDER_PROPERTY, folder.toString());
        return OrtEnvironment.getEnvironment("chiffchaff");
    }

    // Two versions, or the builds with and without CUDA, may live side by side on a machine, and must not share a
    // folder.
    private static String version() {
        Properties properties = new Properties();
        try (InputStream in =
                OrtLibrary.class.getResourceAsStream("/META-INF/maven/org.bytedeco/onnxruntime/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }

    private static boolean present(String resource) {
        return OrtLibrary.class.getResource(resource) != null;
    }

    // Two processes may start at once: each writes a file of its own and renames it, and whoever is second changes
    // nothing.
    private static void unpack(String resource, Path target) throws IOException {
        try (InputStream in = OrtLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                return;
            }
            var connection = OrtLibrary.class.getResource(resource).openConnection();
            if (Files.exists(target) && Files.size(target) == connection.getContentLengthLong()) {
                return;
            }
            Path temporary = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID());
            try {
                Files.copy(in, temporary);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** How Bytedeco and Microsoft name this machine, and what its shared libraries are called. */
    private record Platform(String bytedeco, String microsoft, String prefix, String suffix) {
        static Platform current() {
            String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            boolean arm = System.getProperty("os.arch").equals("aarch64");
            if (system.contains("mac")) {
                return arm
                        ? new Platform("macosx-arm64", "osx-aarch64", "lib", ".dylib")
                        : new Platform("macosx-x86_64", "osx-x64", "lib", ".dylib");
            }
            if (system.contains("windows")) {
                return new Platform("windows-x86_64", "win-x64", "", ".dll");
            }
            return arm
                    ? new Platform("linux-arm64", "linux-aarch64", "lib", ".so")
                    : new Platform("linux-x86_64", "linux-x64", "lib", ".so");
        }

        // The folder on the class path that holds Bytedeco's libraries: of the build with CUDA, or of the plain one.
        String folder() {
            return Stream.of(bytedeco + "-gpu", bytedeco)
                    .map(classifier -> BYTEDECO + classifier + "/")
                    .filter(folder -> cores(folder).anyMatch(OrtLibrary::present))
                    .findFirst()
                    .orElseThrow(() -> new OnnxException("No native ONNX Runtime for " + bytedeco
                            + " on the class path; this build was made for another platform"));
        }

        String build(String folder) {
            return bytedeco + (present(folder + file(CudaProvider.LIBRARY)) ? "-gpu" : "");
        }

        // Resource to file name. Bytedeco's files carry the major version, which the loader of the Java classes does
        // not expect.
        Map<String, String> libraries(String folder) {
            Map<String, String> files = new LinkedHashMap<>();
            cores(folder).forEach(core -> files.put(core, file("onnxruntime")));
            for (String provider : new String[] {"onnxruntime_providers_shared", CudaProvider.LIBRARY}) {
                files.put(folder + file(provider), file(provider));
            }
            String jni = file("onnxruntime4j_jni");
            files.put(MICROSOFT + microsoft + "/" + jni, jni);
            return files;
        }

        private Stream<String> cores(String folder) {
            return Stream.of(file("onnxruntime"), "libonnxruntime.so.1", "libonnxruntime.1.dylib")
                    .map(folder::concat);
        }

        private String file(String library) {
            return prefix + library + suffix;
        }
    }
}
