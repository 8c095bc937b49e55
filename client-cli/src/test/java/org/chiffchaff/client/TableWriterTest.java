package org.chiffchaff.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.chiffchaff.audio.Channel;
import org.chiffchaff.v1.IdentifyResponse;
import org.chiffchaff.v1.RankedSpecies;
import org.chiffchaff.v1.Species;
import org.chiffchaff.v1.Warning;
import org.junit.jupiter.api.Test;

class TableWriterTest {
    private static String table(int columns) {
        IdentifyResponse response = IdentifyResponse.newBuilder()
                .setDurationSeconds(59)
                .addRanking(RankedSpecies.newBuilder()
                        .setSpecies(Species.newBuilder()
                                .setScientificName("Phylloscopus collybita")
                                .setCommonName("Common Chiffchaff"))
                        .setConfidence(1))
                .addWarnings(Warning.newBuilder().setText("truncated: 59.0 of 60.0 s"))
                .addWarnings(
                        Warning.newBuilder()
                                .setText(
                                        "damaged: its clock jumps ahead by 12.5 s, and what follows is placed too early by that"))
                .build();
        StringWriter out = new StringWriter();
        TableWriter writer = new TableWriter(new PrintWriter(out), 0.1f, columns);
        writer.begin();
        writer.write(new Asked(Path.of("survey-of-2026-05-01-dawn.wav"), Channel.MIX), response);
        return out.toString();
    }

    @Test
    void fitsATerminalOfEightyColumns() {
        assertEquals("""
                RECORDING                      LENGTH  SPECIES                             SCORE
                \u2026vey-of-2026-05-01-dawn.wav      0:59  Common Chiffchaff (Phylloscopus \u2026   100 %
                  ! truncated: 59.0 of 60.0 s
                  ! damaged: its clock jumps ahead by 12.5 s, and what follows is placed too
                    early by that
                """, table(80));
    }

    @Test
    void fitsATerminalOfFiftyColumns() {
        assertEquals("""
                RECORDING        LENGTH  SPECIES             SCORE
                \u2026-01-dawn.wav      0:59  Common Chiffchaf\u2026   100 %
                  ! truncated: 59.0 of 60.0 s
                  ! damaged: its clock jumps ahead by 12.5 s, and
                    what follows is placed too early by that
                """, table(50));
    }
}
