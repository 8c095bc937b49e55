package org.chiffchaff.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A recording the model never learned from, and the species it is known to be. */
record HeldOut(Path file, String label) {
    private static final String HEADER = "file,label,group,part";
    // A quoted field, in which quotes are doubled, or a plain one.
    private static final Pattern FIELD = Pattern.compile("\\G(?:\"((?:[^\"]|\"\")*)\"|([^,]*))(?:,|$)");

    /** At most {@code limit} test recordings of a run's split, species by species in turn. */
    static List<HeldOut> choose(Path split, Path data, int limit) {
        Map<String, Queue<HeldOut>> species = new TreeMap<>();
        for (HeldOut each : read(split, data)) {
            species.computeIfAbsent(each.label, label -> new ArrayDeque<>()).add(each);
        }
        List<HeldOut> chosen = new ArrayList<>();
        while (chosen.size() < limit && !species.isEmpty()) {
            species.values().stream()
                    .limit(limit - chosen.size())
                    .map(Queue::remove)
                    .forEach(chosen::add);
            species.values().removeIf(Queue::isEmpty);
        }
        return chosen;
    }

    private static List<HeldOut> read(Path split, Path data) {
        try {
            List<String> lines = Files.readAllLines(split);
            if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
                throw new DemoException(split + ": the first line should be " + HEADER);
            }
            return lines.stream()
                    .skip(1)
                    .map(HeldOut::fields)
                    .filter(fields -> fields.get(3).equals("test"))
                    .map(fields -> new HeldOut(data.resolve(fields.get(0)), fields.get(1)))
                    .toList();
        } catch (IOException e) {
            throw new DemoException(split + ": the training run left no readable split", e);
        }
    }

    private static List<String> fields(String line) {
        Matcher matcher = FIELD.matcher(line);
        List<String> fields = new ArrayList<>();
        while (fields.size() < 4 && matcher.find()) {
            String quoted = matcher.group(1);
            fields.add(quoted == null ? matcher.group(2) : quoted.replace("\"\"", "\""));
        }
        return fields;
    }
}
