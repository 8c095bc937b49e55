package org.chiffchaff.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitFileTest {
    private static final Recording WREN = new Recording("wren/1.wav", "wren", "1");
    private static final Recording ROOK = new Recording("rook, old/2 \"loud\".wav", "rook, old", "2");
    private static final Dataset DATASET =
            new Dataset(Path.of("root"), List.of("rook, old", "wren"), List.of(WREN, ROOK), Findings.NONE);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("split.csv");
    }

    @Test
    void comesBackAsItWas() throws IOException {
        Split split = new Split(List.of(new Split.Entry(WREN, Part.TRAIN), new Split.Entry(ROOK, Part.TEST)));
        split.write(file);

        assertEquals("""
                file,label,group,part
                "rook, old/2 ""loud"".wav","rook, old",2,test
                wren/1.wav,wren,1,train
                """, Files.readString(file));
        assertEquals(split, Split.read(file, DATASET));
    }

    @Test
    void readsWhatASpreadsheetSavedAndLeavesOutTheRest() throws IOException {
        Files.writeString(file, "\uFEFFfile,label,group,part\r\nwren/1.wav,wren,another,validation\r\n");

        Split split = Split.read(file, DATASET);

        assertEquals(List.of(new Recording("wren/1.wav", "wren", "another")), split.part(Part.VALIDATION));
        assertEquals(List.of(ROOK), split.leftOut(DATASET));
    }

    // A Mac spells an umlaut as a letter and its dots.
    @Test
    void readsNamesHoweverASystemSpellsThem() throws IOException {
        Recording mallard = new Recording("B\u00FCrzel/\u00E4.wav", "B\u00FCrzel", "\u00E4");
        Dataset ducks = new Dataset(Path.of("root"), List.of("B\u00FCrzel"), List.of(mallard), Findings.NONE);
        Files.writeString(file, "file,label,group,part\nBu\u0308rzel/a\u0308.wav,Bu\u0308rzel,a\u0308,test\n");

        assertEquals(List.of(mallard), Split.read(file, ducks).part(Part.TEST));
    }

    @Test
    void findsContentsThatItParts() {
        Findings same = new Findings(List.of(), List.of(new EqualContent("00", List.of(ROOK, WREN))), 0, Map.of());
        Dataset dataset = new Dataset(Path.of("root"), DATASET.labels(), DATASET.recordings(), same);
        Split.Entry wren = new Split.Entry(WREN, Part.TRAIN);
        assertEquals(same.equalContents(), new Split(List.of(wren, new Split.Entry(ROOK, Part.TEST))).parted(dataset));
        assertEquals(List.of(), new Split(List.of(wren, new Split.Entry(ROOK, Part.TRAIN))).parted(dataset));
        assertEquals(List.of(), new Split(List.of(wren)).parted(dataset));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            wren/9.wav,wren,9,train | file 'wren/9.wav' is not in root; expected the data set that the split was made from
            wren/1.wav,rook,1,train | file 'wren/1.wav' has the label 'rook'; expected 'wren', its folder in root
            wren/1.wav,wren,1,learn | part 'learn'; expected one of [train, validation, test]
            wren/1.wav,wren,train   | found 3 fields; expected file,label,group,part
            wren/1.wav,wren,,train  | recording 'wren/1.wav': its group is ''; expected a name on one line, with more than spaces in it
            "wren"/1.wav,wren,1,test | Unexpected character ('/' (code 47)): Expected column separator character (',' (code 44)) or end-of-line
            """)
    void teachesWhatALineShouldSay(String line, String reason) throws IOException {
        assertLine(2, line.strip(), reason);
    }

    @Test
    void refusesAFileTwiceAndAGroupInTwoParts() throws IOException {
        String first = "wren/1.wav,wren,1,train\n";
        assertLine(3, first + first, "file 'wren/1.wav' is listed twice; expected each file once");
        assertLine(
                3,
                first + "\"rook, old/2 \"\"loud\"\".wav\",\"rook, old\",1,test",
                "group '1' is in two parts, train ('wren/1.wav') and test ('rook, old/2 \"loud\".wav'); expected all cuts"
                        + " of one recording in the same part");
    }

    @Test
    void refusesWhatIsNoSplit() throws IOException {
        Files.writeString(file, "path,label\n");
        assertEquals(
                "split " + file + ": the first line is 'path,label'; expected file,label,group,part",
                assertThrows(DataException.class, () -> Split.read(file, DATASET))
                        .getMessage());
    }

    private void assertLine(int number, String lines, String reason) throws IOException {
        Files.writeString(file, "file,label,group,part\n" + lines + "\n");
        assertEquals(
                "split " + file + ", line " + number + ": " + reason,
                assertThrows(DataException.class, () -> Split.read(file, DATASET))
                        .getMessage());
    }
}
