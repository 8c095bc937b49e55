package org.chiffchaff.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "Turdus merula_Common Blackbird, Turdus merula, Common Blackbird",
                "Phylloscopus_collybita, Phylloscopus collybita, ''",
                "Parus major, Parus major, ''",
                "Motacilla_alba_yarrellii, Motacilla alba yarrellii, ''",
                "001 - Dog bark, '', ''",
                "clock_tick, '', ''",
                "Engine_Engine, '', ''",
                "noise, '', ''"
            })
    void aFoldersNameGivesAwayItsNames(String folder, String scientific, String common) {
        assertEquals(new Species(folder, scientific, common), Species.ofFolder(folder));
    }

    @Test
    void labelsSurviveTheirFile() {
        Labels labels = new Labels(List.of(
                new Species("plain", "", ""),
                new Species("comma, here", "Genus species", "says \"tsilp\""),
                new Species("two\nlines", "Ö ß", "Zilpzalp")));
        assertEquals("""
                index,label,scientific_name,common_name
                0,plain,,
                1,"comma, here",Genus species,"says ""tsilp"\""
                2,"two
                lines",Ö ß,Zilpzalp
                """, labels.csv());
        assertEquals(labels, Labels.parse(labels.csv(), "labels.csv"));
        assertEquals(labels, Labels.parse(labels.csv().replace("\n0", "\r\n0"), "labels.csv"));
    }

    @Test
    void brokenLabelsAreNamed() {
        ModelException twice = assertThrows(ModelException.class, () -> Labels.ofFolders(List.of("a", "b", "a")));
        assertEquals("The label 'a' stands twice among 3 labels", twice.getMessage());
        ModelException header = assertThrows(ModelException.class, () -> Labels.parse("a,b\n", "labels.csv"));
        assertEquals(
                "labels.csv starts with [a, b]; expected the header [index, label, scientific_name, common_name]",
                header.getMessage());
        String csv = Labels.ofFolders(List.of("a", "b")).csv().replace("1,b", "2,b");
        ModelException order = assertThrows(ModelException.class, () -> Labels.parse(csv, "labels.csv"));
        assertEquals(
                "labels.csv has [2, b, , ] where the row of index 1 belongs; expected 4 fields, the index first",
                order.getMessage());
    }

    @Test
    void poolingIsTheMeanOverWindows() {
        assertArrayEquals(
                new float[] {0.25f, 0.75f}, Pooling.mean(List.of(new float[] {0, 1}, new float[] {0.5f, 0.5f})));
        assertEquals(
                "A recording without windows has no scores to pool",
                assertThrows(ModelException.class, () -> Pooling.mean(List.of()))
                        .getMessage());
        assertEquals(
                "A window has 3 scores; expected one for each of 2 classes",
                assertThrows(ModelException.class, () -> new Pooling(2).add(new float[3]))
                        .getMessage());
    }
}
