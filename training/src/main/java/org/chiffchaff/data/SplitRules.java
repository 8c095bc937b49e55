package org.chiffchaff.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What must hold between the entries of a split, checked one after the other. */
final class SplitRules {
    private final Set<String> files = new HashSet<>();
    private final Map<String, Split.Entry> firstOfGroup = new HashMap<>();

    void check(Split.Entry entry) {
        Recording recording = entry.recording();
        if (!files.add(recording.file())) {
            throw new DataException("file '" + recording.file() + "' is listed twice; expected each file once");
        }
        Split.Entry first = firstOfGroup.putIfAbsent(recording.group(), entry);
        if (first != null && first.part() != entry.part()) {
            throw new DataException("group '" + recording.group() + "' is in two parts, " + first.part() + " ('"
                    + first.recording().file() + "') and " + entry.part() + " ('" + recording.file()
                    + "'); expected all cuts of one recording in the same part");
        }
    }
}
