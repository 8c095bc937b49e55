package org.chiffchaff.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.chiffchaff.models.Csv;
import org.chiffchaff.models.ModelException;

/** Reads tables that people wrote or a spreadsheet saved. */
final class CsvFile {
    private static final long MOST_MEBIBYTES = 128;

    private CsvFile() {}

    /**
     * The records of a file, its header first.
     *
     * @param where names the file in errors
     * @throws IOException where it cannot be read
     */
    static List<Csv.Row> rows(Path file, String where) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("is no regular file");
        }
        long mebibytes = Files.size(file) >> 20;
        if (mebibytes >= MOST_MEBIBYTES) {
            throw new DataException(where + " has " + mebibytes + " MiB; expected less than " + MOST_MEBIBYTES
                    + " MiB: leave out lines and columns that are not needed");
        }
        try {
            // Spreadsheets put a byte order mark first.
            return Csv.read(Files.readString(file).replaceFirst("^\uFEFF", ""), where);
        } catch (CharacterCodingException e) {
            throw new DataException(
                    where + " is not UTF-8; expected that encoding, in which spreadsheets save as" + " 'CSV UTF-8'", e);
        } catch (ModelException e) {
            throw new DataException(e.getMessage(), e);
        }
    }
}
