package org.chiffchaff.autodiff;

import java.util.List;
import org.chiffchaff.onnx.Ops;
import org.chiffchaff.onnx.Value;

/** How one operator hands gradients on to its inputs. */
@FunctionalInterface
public interface GradientRule {
    /**
     * Emits the gradients of a node's inputs. A rule may emit more than is needed, since what nobody asks for is
     * dropped, and may leave a gradient in the broadcast shape of the output, since the engine sums it back.
     *
     * @return one value per input, {@link Value#NONE} for an input without a gradient
     */
    List<Value> inputGradients(Ops op, Forward n);
}
