package org.chiffchaff.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.v1.IdentifyResponse;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Asked first = new Asked(Path.of("a.wav"), Channel.MIX);
    private final Asked second = new Asked(Path.of("b.wav"), Channel.MIX);

    @Test
    void onlyWhatWasToBeAskedCountsAsARecording() {
        Report report = new Report();
        report.failed("nowhere: there is no such file or folder");
        report.asking(List.of(first, second));
        report.told(new Outcome.Answered(first, IdentifyResponse.getDefaultInstance()));
        assertFalse(report.complete());
        StringWriter err = new StringWriter();
        report.print(new PrintWriter(err));
        assertEquals("""
                1 failed:
                  nowhere: there is no such file or folder
                1 of 2 recordings are written; not asked or not answered are 1:
                  b.wav
                """, err.toString());
    }

    @Test
    void nothingIsLeftAfterTheLastAnswer() {
        Report report = new Report();
        report.asking(List.of(first));
        report.told(new Outcome.Answered(first, IdentifyResponse.getDefaultInstance()));
        assertTrue(report.complete());
        assertTrue(report.flawless());
    }
}
