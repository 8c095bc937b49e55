package org.chiffchaff.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of comma-separated fields, quoted where they must be (RFC 4180). A field never holds a line break here. */
final class Csv {
    // A field, quoted or plain, and the comma or the end after it.
    private static final Pattern FIELD = Pattern.compile("(?:\"([^\"]*+(?:\"\"[^\"]*+)*+)\"|([^\",]*+))(,|$)");

    private Csv() {}

    static String line(String... fields) {
        List<String> quoted = new ArrayList<>();
        for (String field : fields) {
            boolean plain = field.indexOf(',') < 0 && field.indexOf('"') < 0;
            quoted.add(plain ? field : '"' + field.replace("\"", "\"\"") + '"');
        }
        return String.join(",", quoted);
    }

    static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        Matcher field = FIELD.matcher(line);
        int start = 0;
        while (field.find(start) && field.start() == start) {
            fields.add(field.group(1) != null ? field.group(1).replace("\"\"", "\"") : field.group(2));
            if (field.group(3).isEmpty()) {
                return fields;
            }
            start = field.end();
        }
        throw new DataException("a stray quotation mark at column " + (start + 1)
                + "; expected fields with quotation marks or commas in them to be quoted whole, marks doubled");
    }
}
