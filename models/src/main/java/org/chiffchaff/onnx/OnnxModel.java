package org.chiffchaff.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A graph ready to run. Thread-safe; native memory is held until {@link #close}. A call occupies its thread
 * inside native code, so it belongs on a platform thread.
 */
public final class OnnxModel implements AutoCloseable {
    private final OrtSession session;
    private final List<String> inputs;
    private final List<String> outputs;

    // As many as calls have ever run at once.
    private final Queue<Staging> idle = new ConcurrentLinkedQueue<>();

    private OnnxModel(OrtSession session) {
        this.session = session;
        this.inputs = List.copyOf(session.getInputNames());
        this.outputs = List.copyOf(session.getOutputNames());
    }

    /**
     * A graph on the CPU.
     *
     * @param model the content of an ONNX file
     * @param threads native threads one call may use
     * @throws OnnxException where ONNX Runtime refuses the model, or part of it lies in another file
     */
    public static OnnxModel load(byte[] model, int threads) {
        ExternalData.refuse(model);
        return load(model, threads, Device.CPU);
    }

    static OnnxModel load(Graph graph, int threads, Device device) {
        return load(OnnxFile.bytes(graph, OnnxFile.Parameters.INSIDE, Map.of()), threads, device);
    }

    private static OnnxModel load(byte[] model, int threads, Device device) {
        try (OrtSession.SessionOptions options = OrtLibrary.options(threads, device)) {
            return new OnnxModel(OrtLibrary.environment().createSession(model, options));
        } catch (OrtException e) {
            throw new OnnxException("ONNX Runtime refuses the model: " + e.getMessage(), e);
        }
    }

    public static OnnxModel load(Graph graph, int threads) {
        return load(graph, threads, Device.CPU);
    }

    /** Names of the inputs, in their order. */
    public List<String> inputs() {
        return inputs;
    }

    /** Names of the outputs, in their order. */
    public List<String> outputs() {
        return outputs;
    }

    /**
     * Runs the graph.
     *
     * @param arguments one per input, in the order of {@link #inputs}
     * @return one per output, in the order of {@link #outputs}
     */
    public List<Tensor> run(Tensor... arguments) {
        if (arguments.length != inputs.size()) {
            throw new OnnxException("The model takes " + inputs + ", found " + arguments.length + " tensors");
        }
        Staging staging = Optional.ofNullable(idle.poll()).orElseGet(Staging::new);
        Map<String, OnnxTensor> fed = new LinkedHashMap<>();
        try {
            for (int i = 0; i < arguments.length; i++) {
                fed.put(inputs.get(i), staging.toNative(inputs.get(i), arguments[i]));
            }
            try (OrtSession.Result result = session.run(fed)) {
                List<Tensor> values = new ArrayList<>();
                for (Map.Entry<String, OnnxValue> entry : result) {
                    values.add(OrtTensors.toJava((OnnxTensor) entry.getValue()));
                }
                return values;
            }
        } catch (OrtException e) {
            throw new OnnxException("ONNX Runtime failed: " + e.getMessage(), e);
        } finally {
            fed.values().forEach(OnnxTensor::close);
            idle.add(staging);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OnnxException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
    }
}
