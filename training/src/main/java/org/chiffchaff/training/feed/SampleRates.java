package org.chiffchaff.training.feed;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.chiffchaff.data.Recording;

/**
 * The sample rates of recordings, before they are resampled. One of 8 kHz has nothing above 4 kHz, and its features differ
 * from those of the same voice in full by more than voices do.
 *
 * @param heardHertz the front-end's
 */
public record SampleRates(List<Rate> rates, int heardHertz) {
    /** The rate of a recording. */
    record Rate(Recording recording, int hertz) {}

    public SampleRates {
        rates = List.copyOf(rates);
    }

    /** Those of a species, the commonest first, as in {@code 44.1 kHz (2), 8 kHz (1)}. */
    public String of(String label) {
        Map<Integer, Long> counts = counts(label);
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(each -> kilohertz(each.getKey()) + (counts.size() == 1 ? "" : " (" + each.getValue() + ")"))
                .collect(Collectors.joining(", "));
    }

    private Map<Integer, Long> counts(String label) {
        return rates.stream()
                .filter(each -> each.recording().label().equals(label))
                .collect(Collectors.groupingBy(Rate::hertz, TreeMap::new, Collectors.counting()));
    }

    /** A sentence on the recordings with less than the front-end's rate, and one for each species that has only such. */
    List<String> warnings() {
        List<Rate> low =
                rates.stream().filter(each -> each.hertz() < heardHertz).toList();
        List<String> warnings = new ArrayList<>();
        if (!low.isEmpty()) {
            Rate first = low.getFirst();
            warnings.add(low.size() + " of " + rates.size() + " recordings, such as '"
                    + first.recording().file() + "' at " + kilohertz(first.hertz()) + ", have less than "
                    + kilohertz(heardHertz) + ": all above half of their rate is missing, and a model takes them for"
                    + " something else than the same voice in full");
        }
        if (low.size() < rates.size()) {
            low.stream().map(each -> each.recording().label()).distinct().forEach(label -> {
                Map<Integer, Long> counts = counts(label);
                int hertz = counts.keySet().iterator().next();
                if (counts.size() == 1) {
                    warnings.add("all recordings of " + label + " are at " + kilohertz(hertz)
                            + ", and a model may know them by that instead of by the voice");
                }
            });
        }
        return warnings;
    }

    static String kilohertz(double hertz) {
        return BigDecimal.valueOf(hertz).movePointLeft(3).stripTrailingZeros().toPlainString() + " kHz";
    }
}
