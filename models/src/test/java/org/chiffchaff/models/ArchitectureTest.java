package org.chiffchaff.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final FeatureSpec SPEC = FeatureSpec.standard(FeatureSpec.Normalise.WINDOW);

    @Test
    void audioCnnHasAsManyParametersAsItsLayersAddUpTo() {
        assertEquals(
                478_041,
                Architecture.AUDIOCNN
                        .graph(new NetworkSettings(SPEC, 89, 0.3f, 42))
                        .parameterCount());
        assertEquals(
                478_041 - 79 * 257,
                Architecture.AUDIOCNN
                        .graph(new NetworkSettings(SPEC, 10, 0, 42))
                        .parameterCount());
    }

    @Test
    void unknownNamesAreRefusedWithTheNamesThereAre() {
        ModelException refused = assertThrows(ModelException.class, () -> Architecture.of("resnet"));
        assertEquals("No model 'resnet'; there is audiocnn", refused.getMessage());
        refused = assertThrows(ModelException.class, () -> LossHead.of("hinge"));
        assertEquals("No loss 'hinge'; there is cross-entropy, focal", refused.getMessage());
    }
}
