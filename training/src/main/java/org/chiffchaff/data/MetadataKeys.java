package org.chiffchaff.data;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.chiffchaff.models.Csv;

/**
 * One column of metadata as what says which recording a line is of: by its path, of which either side may have more
 * folders than the other, with or without the ending, or by an id that the file's name begins with. Capitals do not
 * count.
 */
final class MetadataKeys {
    /** The columns that are looked at, the likelier first; '-', '.' and blanks in a header are as good as '_'. */
    static final List<String> NAMES =
            List.of("path", "file", "filename", "file_name", "file_path", "sound_files", "begin_file", "xc_id", "id");

    private static final Set<String> IDS = Set.of("xc_id", "id");
    // What programs that convert recordings change. Dates and times in names have dots, too, but no letters behind.
    private static final Pattern ENDING = Pattern.compile("\\.(?=[^.]*[a-z])[a-z0-9]{2,5}$");
    private static final Pattern FIRST_WORD = Pattern.compile("^[\\p{L}\\p{N}]+");

    private final String column;
    private final int place;
    private final boolean isId;
    private final List<Csv.Row> lines;
    private final Map<String, List<Csv.Row>> byName = new HashMap<>();

    private MetadataKeys(String column, int place, List<Csv.Row> lines) {
        this.column = column;
        this.place = place;
        this.lines = lines;
        isId = IDS.contains(plain(column));
        for (Csv.Row line : lines) {
            String key = key(line);
            String name = isId ? id(key) : withoutEnding(name(key));
            if (!name.isEmpty()) {
                byName.computeIfAbsent(name, each -> new ArrayList<>()).add(line);
            }
        }
    }

    /** Those columns of a table that can tell, paths before ids. */
    static List<MetadataKeys> in(List<String> columns, List<Csv.Row> lines) {
        return NAMES.stream()
                .flatMap(name -> IntStream.range(0, columns.size())
                        .filter(place -> plain(columns.get(place)).equals(name))
                        .mapToObj(place -> new MetadataKeys(columns.get(place), place, lines)))
                .toList();
    }

    String column() {
        return column;
    }

    boolean isId() {
        return isId;
    }

    String example() {
        return lines.isEmpty() ? "none" : "'" + lines.getFirst().fields().get(place) + "'";
    }

    /** The lines that are of a recording, all alike likely to be. */
    List<Csv.Row> of(Recording recording) {
        String path = normalised(recording.file());
        if (isId) {
            return byName.getOrDefault(id(firstWord(name(path))), List.of());
        }
        TreeMap<Integer, List<Csv.Row>> byLikeness = new TreeMap<>(Comparator.reverseOrder());
        for (Csv.Row line : byName.getOrDefault(withoutEnding(name(path)), List.of())) {
            byLikeness
                    .computeIfAbsent(likeness(path, key(line)), each -> new ArrayList<>())
                    .add(line);
        }
        byLikeness.remove(0);
        return byLikeness.isEmpty() ? List.of() : byLikeness.firstEntry().getValue();
    }

    // How many names the paths have in common from the end, 0 where a folder differs; the same ending counts a little.
    private static int likeness(String path, String key) {
        String[] mine = path.split("/", -1);
        String[] theirs = key.split("/", -1);
        int common = Math.min(mine.length, theirs.length);
        for (int up = 2; up <= common; up++) {
            if (!mine[mine.length - up].equals(theirs[theirs.length - up])) {
                return 0;
            }
        }
        return 2 * common + (name(path).equals(name(key)) ? 1 : 0);
    }

    private String key(Csv.Row line) {
        return normalised(line.fields().get(place));
    }

    private static String normalised(String path) {
        return Normalizer.normalize(path.strip(), Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT)
                .replace('\\', '/')
                .replaceFirst("^(\\./|/)+", "");
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String withoutEnding(String name) {
        return ENDING.matcher(name).replaceFirst("");
    }

    private static String firstWord(String name) {
        Matcher matcher = FIRST_WORD.matcher(name);
        return matcher.find() ? matcher.group() : "";
    }

    // xeno-canto's numbers are written with and without the letters.
    private static String id(String text) {
        return text.replaceFirst("^xc(?=\\d)", "");
    }

    private static String plain(String column) {
        return column.strip().toLowerCase(Locale.ROOT).replaceAll("[-. ]", "_");
    }
}
