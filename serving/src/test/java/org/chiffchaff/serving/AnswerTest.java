package org.chiffchaff.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AnswerTest {
    @Test
    void everyWarningHasACode() {
        assertEquals("truncated", Answer.code("truncated: 59.0 of 60.0 s"));
        assertEquals("damaged", Answer.code("damaged: a packet: unreadable"));
        assertEquals("no clock", Answer.code("no clock"));
    }
}
