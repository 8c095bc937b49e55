package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateTest {
    @ParameterizedTest
    @CsvSource({
        // Rises in equal parts over ten steps.
        "COSINE,   0,   0.01",
        "COSINE,   4,   0.05",
        "COSINE,   9,   0.1",
        // Then half a cosine over the other hundred: all, three quarters at a third, half, a quarter, nothing.
        "COSINE,   10,  0.1",
        "COSINE,   60,  0.05",
        "COSINE,   110, 0",
        "COSINE,   500, 0",
        "CONSTANT, 3,   0.04",
        "CONSTANT, 10,  0.1",
        "CONSTANT, 500, 0.1"
    })
    void isAFunctionOfTheStep(LearningRate.Scheduler scheduler, long step, float expected) {
        assertEquals(expected, new LearningRate(0.1f, 10, 110, scheduler).at(step), 1e-8f);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.1", "1, 0.075", "2, 0.025", "3, 0"})
    void needsNoWarmup(long step, float expected) {
        assertEquals(expected, new LearningRate(0.1f, 0, 3, LearningRate.Scheduler.COSINE).at(step), 1e-8f);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.02", "4, 0.1"})
    void mayWarmUpForLongerThanTheRun(long step, float expected) {
        assertEquals(expected, new LearningRate(0.1f, 5, 3, LearningRate.Scheduler.COSINE).at(step), 1e-8f);
    }
}
