package org.chiffchaff.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Graphs and tensors as ONNX files. The same graph gives the same bytes, always. */
public final class OnnxFile {
    /** The one operator set we speak. */
    public static final int OPSET = 17;

    /** The file format that goes with it, understood by every ONNX tool of the last years. */
    public static final int IR_VERSION = 8;

    private static final String BATCH = "batch";

    /** Where a file keeps a graph's parameters. */
    public enum Parameters {
        /** In the file, as initial values. */
        INSIDE,
        /** Outside, fed as inputs: the form of a training model, whose checkpoint holds them. */
        AS_INPUTS
    }

    private OnnxFile() {}

    /**
     * @param metadata free pairs for tools that look for them, stored in the order of their keys
     */
    public static byte[] bytes(Graph graph, Parameters parameters, Map<String, String> metadata) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("chiffchaff")
                .setGraph(graphProto(graph, parameters))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET));
        if (graph.nodes().stream().anyMatch(node -> node.domain().equals(Node.MICROSOFT))) {
            model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(Node.MICROSOFT).setVersion(1));
        }
        new TreeMap<>(metadata)
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return repeatable(model.build());
    }

    /** One tensor in the form ONNX's own test data has ({@code input_0.pb}). */
    public static byte[] bytes(String name, Tensor tensor) {
        return repeatable(tensorProto(name, tensor));
    }

    /**
     * The tensor of a file that {@link #bytes(String, Tensor)} or any ONNX tool wrote as raw data.
     *
     * @throws OnnxException where the bytes are something else
     */
    public static Tensor tensor(byte[] file) {
        try {
            TensorProto proto = TensorProto.parseFrom(file);
            if (!proto.hasRawData()) {
                throw new OnnxException("Tensor " + proto.getName() + " holds no raw data");
            }
            Shape shape = new Shape(proto.getDimsList());
            return Tensor.of(
                    ElementType.of(proto.getDataType()),
                    shape,
                    proto.getRawData().asReadOnlyByteBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new OnnxException("Not an ONNX tensor: " + e.getMessage(), e);
        }
    }

    private static byte[] repeatable(com.google.protobuf.MessageLite message) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.getSerializedSize());
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.useDeterministicSerialization();
            message.writeTo(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GraphProto graphProto(Graph graph, Parameters parameters) {
        GraphProto.Builder proto = GraphProto.newBuilder().setName(graph.name());
        graph.inputs().forEach(input -> proto.addInput(valueInfo(input)));
        for (Parameter parameter : graph.parameters()) {
            if (parameters == Parameters.AS_INPUTS) {
                proto.addInput(valueInfo(parameter.value()));
            } else {
                proto.addInitializer(tensorProto(parameter.name(), parameter.initial()));
            }
        }
        graph.constants().forEach((name, tensor) -> proto.addInitializer(tensorProto(name, tensor)));
        List<Value> inner = new ArrayList<>();
        for (Node node : graph.nodes()) {
            proto.addNode(nodeProto(node));
            node.outputs().stream()
                    .filter(value -> value.present() && !graph.outputs().contains(value))
                    .forEach(inner::add);
        }
        inner.forEach(value -> proto.addValueInfo(valueInfo(value)));
        graph.outputs().forEach(output -> proto.addOutput(valueInfo(output)));
        return proto.build();
    }

    private static NodeProto nodeProto(Node node) {
        NodeProto.Builder proto = NodeProto.newBuilder()
                .setOpType(node.opType())
                .setName(node.name())
                .setDomain(node.domain());
        node.inputs().forEach(input -> proto.addInput(input.name()));
        node.outputs().forEach(output -> proto.addOutput(output.name()));
        node.attributes().forEach((name, attribute) -> proto.addAttribute(attributeProto(name, attribute)));
        return proto.build();
    }

    private static AttributeProto attributeProto(String name, Attribute attribute) {
        AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
        switch (attribute) {
            case Attribute.IntValue(long value) ->
                proto.setType(AttributeProto.AttributeType.INT).setI(value);
            case Attribute.FloatValue(float value) ->
                proto.setType(AttributeProto.AttributeType.FLOAT).setF(value);
            case Attribute.Text(String value) ->
                proto.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(value));
            case Attribute.IntList(List<Long> values) ->
                proto.setType(AttributeProto.AttributeType.INTS).addAllInts(values);
        }
        return proto.build();
    }

    private static TensorProto tensorProto(String name, Tensor tensor) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(tensor.type().code())
                .addAllDims(tensor.shape().dims())
                .setRawData(ByteString.copyFrom(tensor.bytes()))
                .build();
    }

    private static ValueInfoProto valueInfo(Value value) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int axis = 0; axis < value.shape().rank(); axis++) {
            long dim = value.shape().dim(axis);
            TensorShapeProto.Dimension.Builder size = TensorShapeProto.Dimension.newBuilder();
            // The first axis is the batch; a dynamic size elsewhere is a product with it and gets no name.
            if (dim != Shape.DYNAMIC) {
                size.setDimValue(dim);
            } else if (axis == 0) {
                size.setDimParam(BATCH);
            }
            shape.addDim(size);
        }
        TypeProto.Tensor type = TypeProto.Tensor.newBuilder()
                .setElemType(value.type().code())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(value.name())
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }
}
