package org.chiffchaff.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Report REPORT = new Report(
            List.of(outcome(1, 0.85, 0.84, 30, 360), outcome(2, 0.80, 0.79, 45, 390), outcome(3, 0.90, 0.89, 41, 600)),
            Map.of(Figure.ACCURACY, 0.727));

    private static Outcome outcome(long seed, double accuracy, double macroF1, int bestEpoch, double seconds) {
        return new Outcome(
                "5",
                seed,
                Map.of(Figure.ACCURACY, accuracy, Figure.MACRO_F1, macroF1, Figure.TOP_5, 1.0),
                bestEpoch,
                seconds);
    }

    @Test
    void textHasEveryRunTheirSpreadAndTheFloor() {
        assertEquals("""
                 fold  seed       accuracy       macro_f1          top_5  best_epoch    minutes
                    5     1          0.850          0.840          1.000        30.0        6.0
                    5     2          0.800          0.790          1.000        45.0        6.5
                    5     3          0.900          0.890          1.000        41.0       10.0
                 mean        0.850 ± 0.050  0.840 ± 0.050  1.000 ± 0.000  38.7 ± 7.8  7.5 ± 2.2
                floor                0.727                                                    \s
                """, REPORT.text());
    }

    @Test
    void markdownIsTheSameTable() {
        List<String> lines = REPORT.markdown().lines().toList();
        assertEquals(
                List.of(
                        "| fold | seed | accuracy | macro_f1 | top_5 | best_epoch | minutes |",
                        "| --: | --: | --: | --: | --: | --: | --: |",
                        "| 5 | 1 | 0.850 | 0.840 | 1.000 | 30.0 | 6.0 |"),
                lines.subList(0, 3));
        assertEquals("| floor |  | 0.727 |  |  |  |  |", lines.getLast());
        assertEquals(7, lines.size());
    }

    @Test
    void csvHasTheRunsWithAllDigits() {
        Report report = new Report(List.of(outcome(1, 1 / 3.0, 0.84, 30, 90)), Map.of());
        assertEquals("""
                fold,seed,accuracy,macro_f1,top_5,best_epoch,minutes
                5,1,0.3333333333333333,0.84,1.0,30.0,1.5
                """, report.csv());
    }

    @Test
    void oneRunHasNoDeviation() {
        Report report = new Report(List.of(outcome(1, 0.5, 0.5, 3, 60)), Map.of());
        assertEquals(
                "mean           0.500     0.500  1.000         3.0      1.0",
                report.text().lines().toList().getLast());
    }

    @Test
    void figuresOfSomeRecordingsStandBesideThoseOfAll() {
        Map<Figure, Double> all = Map.of(Figure.ACCURACY, 0.5, Figure.MACRO_F1, 0.4, Figure.TOP_5, 1.0);
        Map<Figure, Double> both = new EnumMap<>(all);
        both.putAll(Map.of(
                Figure.UNSEEN,
                21.0,
                Figure.UNSEEN_ACCURACY,
                0.25,
                Figure.UNSEEN_MACRO_F1,
                0.2,
                Figure.UNSEEN_TOP_5,
                0.75));
        Map<Figure, Double> none = new EnumMap<>(all);
        none.put(Figure.UNSEEN, 0.0);
        Report report = new Report(
                List.of(new Outcome("1", 7, both, 3, 60), new Outcome("2", 7, none, 3, 60)),
                Map.of(Figure.UNSEEN_ACCURACY, 0.254));
        List<String> lines = report.csv().lines().toList();
        assertEquals(
                List.of(
                        "fold,seed,accuracy,macro_f1,top_5,unseen,unseen_accuracy,unseen_macro_f1,unseen_top_5,best_epoch,"
                                + "minutes",
                        "1,7,0.5,0.4,1.0,21.0,0.25,0.2,0.75,3.0,1.0",
                        "2,7,0.5,0.4,1.0,0.0,NaN,NaN,NaN,3.0,1.0"),
                lines);
        List<String> rows = report.markdown().lines().toList();
        assertEquals("| 1 | 7 | 0.500 | 0.400 | 1.000 | 21 | 0.250 | 0.200 | 0.750 | 3.0 | 1.0 |", rows.get(2));
        assertEquals("| floor |  |  |  |  |  | 0.254 |  |  |  |  |", rows.getLast());
    }
}
