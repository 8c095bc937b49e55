package org.chiffchaff.models;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values as RFC 4180 has them, with plain line feeds between records. */
public final class Csv {
    private final String text;
    private int at;

    private Csv(String text) {
        this.text = text;
    }

    /** One record, quoted where it must be, with its line feed. */
    public static String line(List<String> fields) {
        return String.join(",", fields.stream().map(Csv::quoted).toList()) + "\n";
    }

    private static String quoted(String field) {
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }

    /** The records of a text. */
    public static List<List<String>> parse(String text) {
        Csv csv = new Csv(text);
        List<List<String>> records = new ArrayList<>();
        while (csv.at < text.length()) {
            records.add(csv.record());
        }
        return records;
    }

    private List<String> record() {
        List<String> fields = new ArrayList<>();
        fields.add(field());
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
            fields.add(field());
        }
        skip('\r');
        skip('\n');
        return fields;
    }

    private String field() {
        return at < text.length() && text.charAt(at) == '"' ? quotedField() : plainField();
    }

    private String plainField() {
        int start = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quotedField() {
        StringBuilder field = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) == '"') {
                at++;
                // A doubled quote stands for one; a single one ends the field.
                if (at == text.length() || text.charAt(at) != '"') {
                    break;
                }
            }
            field.append(text.charAt(at));
        }
        return field.toString();
    }

    private void skip(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
        }
    }
}
