package org.chiffchaff.data;

/**
 * One file of a data set.
 *
 * @param file path below the data set's root, with forward slashes on every system
 * @param label the species
 * @param group the recording that the file was cut from; files of one group never part
 */
public record Recording(String file, String label, String group) {
    public Recording {
        require("file", file, file);
        require("label", label, file);
        require("group", group, file);
    }

    /** The file's name without its folders. */
    String name() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    private static void require(String field, String value, String file) {
        if (value.isBlank() || value.chars().anyMatch(c -> c == '\n' || c == '\r')) {
            throw new DataException("recording '" + file + "': its " + field + " is '" + value
                    + "'; expected a name on one line, with more than spaces in it");
        }
    }
}
