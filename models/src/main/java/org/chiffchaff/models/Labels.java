package org.chiffchaff.models;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The classes of a model in the order of its outputs.
 *
 * @param species at position i, what output i stands for
 */
public record Labels(List<Species> species) {
    private static final List<String> HEADER = List.of("index", "label", "scientific_name", "common_name");

    public Labels {
        species = List.copyOf(species);
        Set<String> seen = new HashSet<>();
        for (Species one : species) {
            if (!seen.add(one.label())) {
                throw new ModelException(
                        "The label '" + one.label() + "' stands twice among " + species.size() + " labels");
            }
        }
    }

    /** Labels of training folders, in the order given. */
    public static Labels ofFolders(List<String> folders) {
        return new Labels(folders.stream().map(Species::ofFolder).toList());
    }

    /** How many classes there are. */
    public int size() {
        return species.size();
    }

    /** The labels as a file: RFC 4180, header first. */
    public String csv() {
        StringBuilder csv = new StringBuilder(Csv.line(HEADER));
        for (int index = 0; index < species.size(); index++) {
            Species one = species.get(index);
            csv.append(Csv.line(List.of(Integer.toString(index), one.label(), one.scientificName(), one.commonName())));
        }
        return csv.toString();
    }

    /** Reads what {@link #csv()} wrote; {@code where} names the file in errors. */
    static Labels parse(String csv, String where) {
        List<List<String>> records =
                Csv.read(csv, where).stream().map(Csv.Row::fields).toList();
        if (records.isEmpty() || !records.getFirst().equals(HEADER)) {
            throw new ModelException(where + " starts with " + (records.isEmpty() ? "nothing" : records.getFirst())
                    + "; expected the header " + HEADER);
        }
        List<List<String>> rows = records.subList(1, records.size());
        for (int index = 0; index < rows.size(); index++) {
            List<String> row = rows.get(index);
            if (row.size() != HEADER.size() || !row.getFirst().equals(Integer.toString(index))) {
                throw new ModelException(where + " has " + row + " where the row of index " + index
                        + " belongs; expected " + HEADER.size() + " fields, the index first");
            }
        }
        return new Labels(rows.stream()
                .map(row -> new Species(row.get(1), row.get(2), row.get(3)))
                .toList());
    }
}
