package org.chiffchaff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FoldingTest {
    @Test
    void breaksBetweenWordsAndKeepsColumns() {
        String help = """
                Usage: parrot [OPTIONS] WORDS
                short

                  -x, --extra    an extra word or two
                averyveryverylongword that is
                """;
        assertEquals("""
                Usage: parrot [OPTIONS]
                WORDS
                short

                  -x, --extra    an
                                 extra
                                 word or
                                 two
                averyveryverylongword
                that is
                """, Folding.fold(help, 24));
    }

    @Test
    void leavesWhatFits() {
        assertEquals("no end", Folding.fold("no end", 6));
        assertEquals("", Folding.fold("", 6));
        assertEquals("one\n\n", Folding.fold("one\n\n", 6));
    }
}
