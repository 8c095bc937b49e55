package org.chiffchaff.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochTableTest {
    private static final EpochTable.Line LINE = new EpochTable.Line(
            new RunProgress.Row(7, 1.23456, 0.5, 2.5, 0.4, 0.375, 12.5, 1e-3, 321.4, 0), 100, "12m05s", true);

    private static String[] table(OptionalInt room) {
        EpochTable table = new EpochTable(room);
        return new String[] {table.header(), table.row(LINE)};
    }

    @Test
    void hasAllColumnsWhereNobodyCountsThem() {
        String[] table = table(OptionalInt.empty());
        assertEquals(
                "  epoch    loss  accuracy  val-loss  val-acc  val-F1  grad-norm       lr  images/s  time-left",
                table[0]);
        assertEquals(
                "  7/100  1.2346     0.500    2.5000    0.400   0.375     12.500  1.0e-03       321     12m05s *",
                table[1]);
    }

    @Test
    void leavesOutWhatTellsLeast() {
        assertEquals(
                "  epoch    loss  accuracy  val-loss  val-acc  val-F1  images/s  time-left",
                table(OptionalInt.of(80))[0]);
        String[] narrow = table(OptionalInt.of(50));
        assertEquals("  epoch    loss  val-loss  val-F1  time-left", narrow[0]);
        assertEquals("  7/100  1.2346    2.5000   0.375     12m05s *", narrow[1]);
        assertEquals("  epoch", table(OptionalInt.of(1))[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 50, 60, 70, 80, 95, 200})
    void fits(int room) {
        for (String line : table(OptionalInt.of(room))) {
            assertTrue(line.length() <= room, line);
        }
    }

    @Test
    void aFigureThatThereIsNotIsADash() {
        RunProgress.Row row = new RunProgress.Row(1, 0.5, 0.5, Double.NaN, Double.NaN, Double.NaN, 1, 1e-3, 10, 0);
        assertEquals(
                "    1/2  0.5000         -       -      0m00s",
                new EpochTable(OptionalInt.of(50)).row(new EpochTable.Line(row, 2, "0m00s", false)));
    }
}
