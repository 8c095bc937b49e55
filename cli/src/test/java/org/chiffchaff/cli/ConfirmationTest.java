package org.chiffchaff.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfirmationTest {
    @ParameterizedTest
    @CsvSource({"y,true", "Yes,true", "' YES ',true", "n,false", "no,false", "yesterday,false", "'',false"})
    void onlyYesIsYes(String answer, boolean expected) {
        assertEquals(expected, asked(answer + "\nmore\n"));
        assertEquals(expected, asked(answer));
    }

    private static boolean asked(String answers) {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        boolean given = Confirmation.given(
                "Replace it?",
                new ByteArrayInputStream(answers.getBytes(UTF_8)),
                new PrintStream(question, true, UTF_8));
        assertEquals("Replace it? [y/N] ", question.toString(UTF_8));
        return given;
    }
}
