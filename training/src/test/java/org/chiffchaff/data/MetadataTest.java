package org.chiffchaff.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataTest {
    private static final Dataset DATASET = dataset(
            "wren/XC11 - Wren.wav", "wren/2024/0700.wav", "wren/2025/0700.wav", "rook/xc22.flac", "rook/caf\u00e9.wav");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("metadata.csv");
    }

    private static Dataset dataset(String... files) {
        List<Recording> recordings = Stream.of(files)
                .map(file -> new Recording(file, file.split("/", 2)[0], file))
                .toList();
        List<String> labels =
                recordings.stream().map(Recording::label).distinct().toList();
        return new Dataset(Path.of("root"), labels, recordings, Findings.NONE);
    }

    private Metadata.Known known(String content, String... columns) throws IOException {
        Files.writeString(file, content);
        return Metadata.read(file, folder).known(DATASET, List.of(columns));
    }

    @Test
    void unicodesFormsAreOneWhicheverSideHasThem() throws IOException {
        Path species = Files.createDirectories(folder.resolve("birds/m\u00e9"));
        Files.write(species.resolve("caf\u00e9.wav"), new byte[] {1});
        Files.write(Files.createDirectories(folder.resolve("birds/gru\u0308n")).resolve("u\u0308.wav"), new byte[] {2});
        Files.writeString(file, "path,by\nme\u0301/cafe\u0301.wav,Andr\u00e9\ngr\u00fcn/\u00fc.wav,Andre\u0301\n");
        assertEquals(
                Map.of("m\u00e9/caf\u00e9.wav", "Andr\u00e9", "gr\u00fcn/\u00fc.wav", "Andr\u00e9"),
                Metadata.read(file, folder)
                        .known(Dataset.scan(folder.resolve("birds")), List.of("by"))
                        .values());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            path         | rook/xc22.flac                 | rook/xc22.flac
            path         | ./rook/xc22.flac               | rook/xc22.flac
            path         | D:\\birds\\Rook\\XC22.FLAC     | rook/xc22.flac
            path         | /home/ann/birds/rook/xc22.flac | rook/xc22.flac
            path         | wren/xc22.flac                 |
            File Name    | xc22.flac                      | rook/xc22.flac
            filename     | xc22.mp3                       | rook/xc22.flac
            filename     | xc22                           | rook/xc22.flac
            filename     | xc2                            |
            sound.files  | cafe\u0301.wav                 | rook/caf\u00e9.wav
            file-name    | XC11 - Wren.mp3                | wren/XC11 - Wren.wav
            file         | 2025/0700.wav                  | wren/2025/0700.wav
            xc_id        | XC22                           | rook/xc22.flac
            id           | 11                             | wren/XC11 - Wren.wav
            id           | 1                              |
            """)
    void findsRecordings(String column, String key, String recording) throws IOException {
        String content = "recordist," + column + "\nAnn," + key + "\nNobody,no such file\n";
        if (recording == null) {
            assertEquals(
                    "metadata " + file + ": none of its 2 lines is of a recording in root; its column '" + column
                            + "' has '" + key + "', and a recording there is 'rook/caf\u00e9.wav'",
                    assertThrows(DataException.class, () -> known(content, "recordist"))
                            .getMessage());
        } else {
            assertEquals(new Metadata.Known(column, Map.of(recording, "Ann")), known(content, "recordist"));
        }
    }

    @Test
    void aNameIsThatOfEveryRecordingWithItAndAPathOfOne() throws IOException {
        assertEquals(
                Map.of("wren/2024/0700.wav", "Ann", "wren/2025/0700.wav", "Ann"),
                known("file,by\n0700.wav,Ann\n", "by").values());
        assertEquals(
                Map.of("wren/2024/0700.wav", "Ann", "wren/2025/0700.wav", "Bob"),
                known("file,by\n0700.wav,Ann\n2025/0700.wav,Bob\n", "by").values());
    }

    // xeno-canto's own table has addresses under 'file'.
    @Test
    void theColumnThatFindsMostIsTaken() throws IOException {
        assertEquals(
                new Metadata.Known("id", Map.of("rook/xc22.flac", "Ann", "wren/XC11 - Wren.wav", "Bob")),
                known("""
                        id,rec,file
                        22,Ann,//xeno-canto.org/22/download
                        11,Bob,//xeno-canto.org/11/download
                        """, "rec"));
        // Lines' own numbers are no match for a path.
        assertEquals(
                new Metadata.Known("path", Map.of("rook/xc22.flac", "Ann")),
                known("id,rec,path\n11,Ann,rook/xc22.flac\n22,Bob,gone.wav\n", "rec"));
    }

    @Test
    void joinsColumnsAndLeavesOutWhatIsEmpty() throws IOException {
        assertEquals(
                Map.of("rook/xc22.flac", "Ann of York, 2024"),
                known("""
                        \uFEFFpath,by,year\r
                        rook/xc22.flac,"Ann\r
                          of York ",2024\r
                        wren/2024/0700.wav,Bob,\r
                        wren/2025/0700.wav,  ,2025\r
                        """, "by", "year").values());
    }

    @Test
    void saysTheSameTwiceButNotTwoThings() throws IOException {
        assertEquals(
                Map.of("rook/xc22.flac", "Ann"),
                known("path,by\nrook/xc22.flac,Ann\nrook/xc22.flac,Ann\n", "by").values());
        assertMessage(
                "metadata FILE: its lines [2, 4] say different things of 'rook/xc22.flac': [Ann, Bob]; expected one",
                "path,by\nrook/xc22.flac,Ann\nrook/xc22.flac,Ann\nrook/xc22.flac,Bob\n");
    }

    @Test
    void teachesWhatItExpects() throws IOException {
        assertMessage("metadata FILE is empty; expected a header and a line for each recording", "");
        assertMessage(
                "metadata FILE, line 3: found 3 fields; expected 2, as the header has", "path,by\na,Ann\nb,Bob,1\n");
        assertMessage("metadata FILE has no column 'by'; its columns are [path, recordist]", "path,recordist\na,Ann\n");
        assertMessage("metadata FILE has more than one column 'by'; its columns are [path, by, by]", "path,by,by\n");
        assertMessage(
                "metadata FILE has no column 'by'; its columns are [path;by]; expected commas between the columns",
                "path;by\na;Ann\n");
        assertMessage(
                "metadata FILE: no column says which recording a line is of; found [where, by]; expected one of [path,"
                        + " file, filename, file_name, file_path, sound_files, begin_file, xc_id, id]",
                "where,by\na,Ann\n");
        assertMessage(
                "metadata FILE: none of its 0 lines is of a recording in root; its column 'path' has none, and a"
                        + " recording there is 'rook/caf\u00e9.wav'",
                "path,by\n");
        assertMessage(
                "metadata FILE, line 2: Unexpected character ('x' (code 120)): Expected column separator character (','"
                        + " (code 44)) or end-of-line",
                "path,by\n\"a\"x,Ann\n");
        Files.write(file, "path,by\nM\u00fcller".getBytes(StandardCharsets.ISO_8859_1));
        assertMessage("metadata FILE is not UTF-8; expected that encoding, in which spreadsheets save as 'CSV UTF-8'");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(300L << 20);
        }
        assertMessage("metadata FILE has 300 MiB; expected less than 128 MiB: leave out lines and columns that are not"
                + " needed");
        Files.delete(file);
        assertMessage(
                "no metadata can be read from FILE (java.nio.file.NoSuchFileException: FILE); expected a CSV file");
        Files.createDirectory(file);
        assertMessage(
                "no metadata can be read from FILE (java.io.IOException: is no regular file); expected a CSV file");
    }

    private void assertMessage(String expected, String content) throws IOException {
        Files.writeString(file, content);
        assertMessage(expected);
    }

    private void assertMessage(String expected) {
        assertEquals(
                expected.replace("FILE", file.toString()),
                assertThrows(
                                DataException.class,
                                () -> Metadata.read(file, folder).known(DATASET, List.of("by")))
                        .getMessage());
    }

    @Test
    void readsTheLabelsOfRealRecordings() {
        Path birds = Path.of(System.getProperty("chiffchaff.recordings")).resolve("british-birds");
        assumeTrue(Files.isDirectory(birds), "no recordings at " + birds);
        Dataset dataset = Dataset.scan(birds);

        Metadata.Known known = Metadata.read(Path.of("labels.csv"), birds).known(dataset, List.of("recordist"));

        assertEquals("path", known.key());
        assertEquals(99, known.values().size());
        // Python's csv module counts 79 pairs of species and recordist, 63 of them with one recording.
        Map<String, Long> together = dataset.recordings().stream()
                .collect(Collectors.groupingBy(
                        each -> each.label() + known.of(each).orElseThrow(), Collectors.counting()));
        assertEquals(
                36,
                together.values().stream()
                        .filter(count -> count > 1)
                        .mapToLong(Long::longValue)
                        .sum());
    }
}
