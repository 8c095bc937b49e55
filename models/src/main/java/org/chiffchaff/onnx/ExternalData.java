package org.chiffchaff.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;

/**
 * Refuses models whose tensors lie in other files. ONNX Runtime would look for those from the working folder, past
 * whatever vouches for the model's own bytes.
 */
final class ExternalData {
    private ExternalData() {}

    static void refuse(byte[] model) {
        try {
            ModelProto proto = ModelProto.parseFrom(model);
            graph(proto.getGraph());
            proto.getFunctionsList().stream().map(FunctionProto::getNodeList).forEach(ExternalData::nodes);
        } catch (InvalidProtocolBufferException e) {
            throw new OnnxException("Not an ONNX model: " + e.getMessage(), e);
        }
    }

    private static void graph(GraphProto graph) {
        graph.getInitializerList().forEach(ExternalData::tensor);
        graph.getSparseInitializerList().forEach(ExternalData::sparse);
        nodes(graph.getNodeList());
    }

    private static void nodes(List<NodeProto> nodes) {
        for (NodeProto node : nodes) {
            for (AttributeProto attribute : node.getAttributeList()) {
                tensor(attribute.getT());
                attribute.getTensorsList().forEach(ExternalData::tensor);
                sparse(attribute.getSparseTensor());
                attribute.getSparseTensorsList().forEach(ExternalData::sparse);
                attribute.getGraphsList().forEach(ExternalData::graph);
                if (attribute.hasG()) {
                    graph(attribute.getG());
                }
            }
        }
    }

    private static void sparse(SparseTensorProto tensor) {
        tensor(tensor.getValues());
        tensor(tensor.getIndices());
    }

    private static void tensor(TensorProto tensor) {
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL || tensor.getExternalDataCount() > 0) {
            throw new OnnxException("The data of tensor '" + tensor.getName()
                    + "' lie in another file; a model with all of its data inside is expected");
        }
    }
}
