package org.chiffchaff.training.session;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.chiffchaff.onnx.ElementType;
import org.chiffchaff.onnx.OnnxException;
import org.chiffchaff.onnx.Parameter;
import org.chiffchaff.onnx.Shape;
import org.chiffchaff.onnx.Tensor;
import org.chiffchaff.training.TrainingException;

/**
 * ONNX Runtime's checkpoint files: FlatBuffers with the identifier {@code ODTC}. We write the first checkpoint of a run
 * and read the parameters of any; the runtime writes the others.
 *
 * @param trainable parameters the optimizer moves, by name
 * @param frozen all other parameters, by name
 */
public record Checkpoint(Map<String, Tensor> trainable, Map<String, Tensor> frozen) {
    private static final String IDENTIFIER = "ODTC";
    private static final int VERSION = 2;
    private static final int ALIGNMENT = 8;

    public Checkpoint {
        trainable = new TreeMap<>(trainable);
        frozen = new TreeMap<>(frozen);
    }

    static Checkpoint of(Collection<Parameter> parameters) {
        return new Checkpoint(
                initial(parameters, Parameter::trainable), initial(parameters, each -> !each.trainable()));
    }

    private static Map<String, Tensor> initial(Collection<Parameter> parameters, Predicate<Parameter> which) {
        Map<String, Tensor> tensors = new TreeMap<>();
        parameters.stream().filter(which).forEach(each -> tensors.put(each.name(), each.initial()));
        return tensors;
    }

    /** The parameter of that name. */
    public Tensor parameter(String name) {
        Tensor found = trainable.getOrDefault(name, frozen.get(name));
        if (found == null) {
            throw new TrainingException("The checkpoint has no parameter " + name + "; it has " + trainable.keySet()
                    + " and " + frozen.keySet());
        }
        return found;
    }

    // Slots of the tables, as ONNX Runtime's schema numbers them:
    // Checkpoint 0 version, 1 module state; ModuleState 0 trainable, 1 frozen; Tensor 0 name, 2 dims, 3 data type, 4
    // raw data.
    void write(Path file) throws IOException {
        FlatBufferBuilder builder = new FlatBufferBuilder(1 << 20);
        int trainableVector = tensors(builder, trainable);
        int frozenVector = tensors(builder, frozen);
        builder.startTable(4);
        builder.addOffset(0, trainableVector, 0);
        builder.addOffset(1, frozenVector, 0);
        int state = builder.endTable();
        builder.startTable(4);
        builder.addInt(0, VERSION, 0);
        builder.addOffset(1, state, 0);
        builder.finish(builder.endTable(), IDENTIFIER);
        Files.write(file, builder.sizedByteArray());
    }

    private static int tensors(FlatBufferBuilder builder, Map<String, Tensor> tensors) {
        int[] offsets = tensors.entrySet().stream()
                .mapToInt(each -> tensor(builder, each.getKey(), each.getValue()))
                .toArray();
        return builder.createVectorOfTables(offsets);
    }

    private static int tensor(FlatBufferBuilder builder, String name, Tensor tensor) {
        int nameOffset = builder.createString(name);
        List<Long> dims = tensor.shape().dims();
        builder.startVector(Long.BYTES, dims.size(), Long.BYTES);
        dims.reversed().forEach(builder::addLong);
        int dimsOffset = builder.endVector();
        ByteBuffer bytes = tensor.bytes();
        builder.createUnintializedVector(1, bytes.remaining(), ALIGNMENT).put(bytes);
        int dataOffset = builder.endVector();
        builder.startTable(6);
        builder.addOffset(0, nameOffset, 0);
        builder.addOffset(2, dimsOffset, 0);
        builder.addInt(3, tensor.type().code(), 0);
        builder.addOffset(4, dataOffset, 0);
        return builder.endTable();
    }

    /**
     * Reads any checkpoint of this runtime.
     *
     * @throws TrainingException where the file is no checkpoint of the version we know
     */
    public static Checkpoint read(Path file) {
        try {
            return parse(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN), file);
        } catch (IOException e) {
            throw new TrainingException("Cannot read the checkpoint " + file + ": " + e, e);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | OnnxException e) {
            throw new TrainingException("The checkpoint " + file + " is damaged or cut short: " + e.getMessage(), e);
        }
    }

    private static Checkpoint parse(ByteBuffer bytes, Path file) {
        if (!FlatTable.identifies(bytes, IDENTIFIER)) {
            throw new TrainingException(
                    file + " is no checkpoint of ONNX Runtime: its identifier is not " + IDENTIFIER);
        }
        FlatTable root = FlatTable.root(bytes);
        if (root.integer(0) != VERSION) {
            throw new TrainingException(
                    "Checkpoint " + file + " has version " + root.integer(0) + "; expected " + VERSION);
        }
        FlatTable state = root.table(1);
        return new Checkpoint(tensors(state.tables(0)), tensors(state.tables(1)));
    }

    private static Map<String, Tensor> tensors(List<FlatTable> tables) {
        Map<String, Tensor> tensors = new TreeMap<>();
        for (FlatTable table : tables) {
            Tensor tensor = Tensor.of(ElementType.of(table.integer(3)), Shape.of(table.longs(2)), table.bytes(4));
            tensors.put(table.string(0), tensor);
        }
        return tensors;
    }
}
