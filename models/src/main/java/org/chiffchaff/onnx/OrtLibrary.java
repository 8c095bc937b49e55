package org.chiffchaff.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
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
import java.util.Properties;

/**
 * The one door to ONNX Runtime's native library. Microsoft's Java classes and JNI meet Bytedeco's build of the same
 * version, whose training API is compiled in: both are unpacked into one folder, and the Java classes are told of it
 * before they first load.
 */
public final class OrtLibrary {
    /** The folder the native libraries are unpacked into; change it where the default may not execute programs. */
    public static final String CACHE_PROPERTY = "chiffchaff.native.cache";

    private static final String BYTEDECO = "/org/bytedeco/onnxruntime/";
    private static final String MICROSOFT = "/ai/onnxruntime/native/";

    private OrtLibrary() {}

    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = load();
    }

    /** ONNX Runtime itself, loaded at the first call; one per process. Any thread. */
    public static OrtEnvironment environment() {
        return Holder.ENVIRONMENT;
    }

    /**
     * Options for a session, made only once the right library is loaded: the Java classes load whatever they find at
     * first touch.
     *
     * @param threads native threads one call may use; 0 leaves the choice to the runtime
     * @return to be closed by the caller
     */
    public static OrtSession.SessionOptions options(int threads) throws OrtException {
        environment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        return options;
    }

    /** Whether the library can run graphs on a CUDA device. */
    public static boolean cudaAvailable() {
        environment();
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
    }

    private static OrtEnvironment load() {
        Platform platform = Platform.current();
        Path folder = cache().resolve(version() + "-" + platform.bytedeco);
        try {
            Files.createDirectories(folder);
            boolean found = false;
            for (Map.Entry<String, String> library : platform.libraries().entrySet()) {
                found |= unpack(library.getKey(), folder.resolve(library.getValue()));
            }
            if (!found) {
                throw new OnnxException("No native ONNX Runtime for " + platform.bytedeco
                        + " on the class path; this build was made for another platform");
            }
        } catch (IOException e) {
            throw new OnnxException(
                    "Cannot unpack ONNX Runtime into " + folder + " (" + e + "); name another folder with -D"
                            + CACHE_PROPERTY + "=",
                    e);
        }
        System.setProperty("onnxruntime.native.path", folder.toString());
        return OrtEnvironment.getEnvironment("chiffchaff");
    }

    // Two versions may live side by side on a machine, and must not share a folder.
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

    private static Path cache() {
        String named = System.getProperty(CACHE_PROPERTY, "");
        return named.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "chiffchaff", "onnxruntime")
                : Path.of(named);
    }

    // Two processes may start at once: each writes a file of its own and renames it, and whoever is second changes
    // nothing.
    private static boolean unpack(String resource, Path target) throws IOException {
        try (InputStream in = OrtLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                return false;
            }
            var connection = OrtLibrary.class.getResource(resource).openConnection();
            if (Files.exists(target) && Files.size(target) == connection.getContentLengthLong()) {
                return true;
            }
            Path temporary = Files.createTempFile(
                    target.getParent(), target.getFileName().toString(), ".part");
            Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
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

        // Resource to file name. Bytedeco's files carry the major version, which the loader of the Java classes does
        // not expect.
        Map<String, String> libraries() {
            String core = prefix + "onnxruntime" + suffix;
            Map<String, String> files = new LinkedHashMap<>();
            for (String classifier : new String[] {bytedeco, bytedeco + "-gpu"}) {
                String folder = BYTEDECO + classifier + "/";
                files.put(folder + core, core);
                files.put(folder + "libonnxruntime.so.1", core);
                files.put(folder + "libonnxruntime.1.dylib", core);
                for (String provider : new String[] {"onnxruntime_providers_shared", "onnxruntime_providers_cuda"}) {
                    files.put(folder + prefix + provider + suffix, prefix + provider + suffix);
                }
            }
            String jni = prefix + "onnxruntime4j_jni" + suffix;
            files.put(MICROSOFT + microsoft + "/" + jni, jni);
            return files;
        }
    }
}
