package org.chiffchaff.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime's CUDA provider, by the runtime's C interface: the native half of Microsoft's Java classes is compiled
 * without it and refuses every call for it, whatever library lies beneath.
 */
@SuppressWarnings("restricted") // native functions, whose types nobody checks: what this class is for
final class CudaProvider {
    static final String LIBRARY = "onnxruntime_providers_cuda";

    // The driver, and what the provider asks the system's loader for, by the table of its imports; on Windows, CUDA's
    // runtime is part of it.
    private static final List<String> LINUX_LIBRARIES = List.of(
            "libcuda.so.1",
            "libcudart.so.13",
            "libcublasLt.so.13",
            "libcublas.so.13",
            "libcufft.so.12",
            "libcudnn.so.9");
    private static final List<String> WINDOWS_LIBRARIES =
            List.of("nvcuda.dll", "cublasLt64_13.dll", "cublas64_13.dll", "cufft64_12.dll", "cudnn64_9.dll");

    // Of onnxruntime_c_api.h in 1.24.1. A version's table of functions keeps their places for ever.
    private static final int INTERFACE = 24;

    private static final Function MESSAGE = new Function(2, FunctionDescriptor.of(ADDRESS, ADDRESS));
    private static final Function RELEASE_STATUS = new Function(93, FunctionDescriptor.ofVoid(ADDRESS));
    private static final Function APPEND = new Function(204, FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private static final Function CREATE = new Function(205, FunctionDescriptor.of(ADDRESS, ADDRESS));
    private static final Function UPDATE =
            new Function(206, FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    private static final Function RELEASE = new Function(208, FunctionDescriptor.ofVoid(ADDRESS));

    /** A function of the C interface: its place in {@code struct OrtApi}, and what it takes. */
    private record Function(int place, FunctionDescriptor takes) {}

    private final MemorySegment functions;

    /** @param runtime ONNX Runtime's own library, the one that is loaded */
    CudaProvider(Path runtime) {
        MemorySegment base = (MemorySegment) invoke(
                SymbolLookup.libraryLookup(runtime, Arena.global()).findOrThrow("OrtGetApiBase"),
                FunctionDescriptor.of(ADDRESS));
        MemorySegment table = (MemorySegment) invoke(
                base.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0),
                FunctionDescriptor.of(ADDRESS, JAVA_INT),
                INTERFACE);
        if (table.address() == 0) {
            throw new OnnxException(
                    runtime + " has no C interface of version " + INTERFACE + "; expected ONNX Runtime 1.24 or newer");
        }
        functions = table.reinterpret((RELEASE.place + 1) * ADDRESS.byteSize());
    }

    /**
     * Loads NVIDIA's libraries, which the provider would ask for one by one, up to the first that is missing.
     *
     * @throws OnnxException that names all that the system cannot load
     */
    static void requireLibraries() {
        List<String> missing = new ArrayList<>();
        for (String library : windows() ? WINDOWS_LIBRARIES : LINUX_LIBRARIES) {
            try {
                SymbolLookup.libraryLookup(library, Arena.global());
            } catch (IllegalArgumentException e) {
                missing.add(library);
            }
        }
        if (!missing.isEmpty()) {
            throw new OnnxException("cannot load " + String.join(", ", missing)
                    + "; expected NVIDIA's driver, CUDA 13 and cuDNN 9 on " + (windows() ? "PATH" : "LD_LIBRARY_PATH"));
        }
    }

    private static boolean windows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    /**
     * Lets a session's graphs run on a device.
     *
     * @throws OnnxException with ONNX Runtime's words where it cannot be done
     */
    void add(Device.Cuda device, OrtSession.SessionOptions options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            check(call(CREATE, place));
            MemorySegment provider = place.get(ADDRESS, 0);
            try {
                Map<String, String> settings = settings(device);
                MemorySegment keys = strings(settings.keySet(), arena);
                MemorySegment values = strings(settings.values(), arena);
                check(call(UPDATE, provider, keys, values, (long) settings.size()));
                check(call(APPEND, handle(options), provider));
            } finally {
                call(RELEASE, provider);
            }
        }
    }

    // By the names of ONNX Runtime's documentation of its CUDA provider.
    private static Map<String, String> settings(Device.Cuda device) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("device_id", Integer.toString(device.index()));
        settings.put("use_tf32", device.tf32() ? "1" : "0");
        settings.put("cudnn_conv_algo_search", device.search().name());
        settings.put("gpu_mem_limit", Long.toString(device.memoryLimitBytes()));
        return settings;
    }

    private static MemorySegment strings(Iterable<String> values, Arena arena) {
        List<MemorySegment> places = new ArrayList<>();
        values.forEach(each -> places.add(arena.allocateFrom(each)));
        MemorySegment array = arena.allocate(ADDRESS, places.size());
        for (int i = 0; i < places.size(); i++) {
            array.setAtIndex(ADDRESS, i, places.get(i));
        }
        return array;
    }

    // The Java classes keep it to themselves.
    private static MemorySegment handle(OrtSession.SessionOptions options) {
        try {
            Method handle = OrtSession.SessionOptions.class.getDeclaredMethod("getNativeHandle");
            handle.setAccessible(true);
            return MemorySegment.ofAddress((long) handle.invoke(options));
        } catch (ReflectiveOperationException e) {
            throw new OnnxException("Another release of ONNX Runtime's Java classes than 1.24.1: " + e, e);
        }
    }

    // A status is null where all went well, and otherwise ours to release.
    private void check(Object status) {
        MemorySegment failure = (MemorySegment) status;
        if (failure.address() == 0) {
            return;
        }
        String message = ((MemorySegment) call(MESSAGE, failure))
                .reinterpret(Long.MAX_VALUE)
                .getString(0)
                .strip();
        call(RELEASE_STATUS, failure);
        throw new OnnxException("ONNX Runtime cannot add its CUDA provider: " + message);
    }

    private Object call(Function function, Object... arguments) {
        return invoke(functions.getAtIndex(ADDRESS, function.place), function.takes, arguments);
    }

    private static Object invoke(MemorySegment function, FunctionDescriptor takes, Object... arguments) {
        try {
            return Linker.nativeLinker().downcallHandle(function, takes).invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a native function throws nothing", e);
        }
    }
}
