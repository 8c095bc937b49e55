package org.chiffchaff.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Deals whole groups out to parts so that each label keeps to the parts' shares: iterative stratification (Sechidis,
 * Tsoumakas, Vlahavas: On the stratification of multi-label data, 2011) with groups for its examples. The label with
 * the fewest groups chooses first, as it has the least choice; each of its groups, the largest first, goes to the part
 * that still wants most of that label.
 *
 * <p>A rare label overrules the shares: once it has no more groups left than there are parts without it, those parts
 * come first, and where they are too many, those of the lowest rank. This holds for every label of a group, not only the
 * one that chooses; where they disagree, the one with fewer groups left prevails, so each is in the lowest rank's part.
 */
final class Stratifier {
    /** A part's fraction of the files, and how early it is served where a label has too few groups for all parts. */
    record Share(double fraction, int rank) {}

    /** Files that stay together, counted by label; the order is random but for the seed. */
    private record Group(String name, Map<String, Integer> files, long order) {}

    /** How many files each part still wants, and which parts have any. */
    private static final class Demand {
        final double[] wanted;
        final boolean[] served;

        Demand(List<Share> shares, int files) {
            wanted = shares.stream()
                    .mapToDouble(share -> share.fraction() * files)
                    .toArray();
            served = new boolean[shares.size()];
        }

        void serve(int part, int files) {
            wanted[part] -= files;
            served[part] = true;
        }
    }

    private final List<Share> shares;
    private final Demand overall;
    private final Map<String, Demand> demands = new HashMap<>();
    private final Map<String, Integer> groupsLeft = new TreeMap<>(CodePoints.ORDER);
    private final Map<String, Integer> partOf = new HashMap<>();

    private Stratifier(List<Recording> recordings, List<Group> groups, List<Share> shares) {
        this.shares = shares;
        groups.forEach(group -> group.files().keySet().forEach(label -> groupsLeft.merge(label, 1, Integer::sum)));
        overall = new Demand(shares, recordings.size());
        Map<String, Integer> files = new HashMap<>();
        recordings.forEach(recording -> files.merge(recording.label(), 1, Integer::sum));
        files.forEach((label, count) -> demands.put(label, new Demand(shares, count)));
    }

    /** The part of every group by its name, as an index into the shares. */
    static Map<String, Integer> assign(List<Recording> recordings, List<Share> shares, long seed) {
        List<Group> unassigned = groups(recordings, seed);
        Stratifier stratifier = new Stratifier(recordings, unassigned, shares);
        while (!unassigned.isEmpty()) {
            String label = stratifier.scarcest();
            List<Group> pending = unassigned.stream()
                    .filter(group -> group.files().containsKey(label))
                    .sorted(Comparator.comparingInt(
                                    (Group group) -> -group.files().get(label))
                            .thenComparingLong(Group::order))
                    .toList();
            pending.forEach(group -> stratifier.place(group, stratifier.choose(label, group)));
            unassigned.removeAll(new HashSet<>(pending));
        }
        return Map.copyOf(stratifier.partOf);
    }

    private static List<Group> groups(List<Recording> recordings, long seed) {
        Map<String, Map<String, Integer>> files = new TreeMap<>();
        for (Recording recording : recordings) {
            files.computeIfAbsent(recording.group(), name -> new HashMap<>()).merge(recording.label(), 1, Integer::sum);
        }
        List<Group> groups = new ArrayList<>();
        files.forEach((name, counts) -> groups.add(new Group(name, counts, Seeds.of(seed, name))));
        return groups;
    }

    private String scarcest() {
        return groupsLeft.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private void place(Group group, int part) {
        partOf.put(group.name(), part);
        group.files().forEach((label, files) -> {
            demands.get(label).serve(part, files);
            overall.serve(part, files);
            groupsLeft.computeIfPresent(label, (name, left) -> left == 1 ? null : left - 1);
        });
    }

    /** The part that wants most of the label, then most files of any label, then the first. */
    private int choose(String label, Group group) {
        Demand demand = demands.get(label);
        return candidates(group).stream()
                .max(Comparator.comparingDouble((Integer part) -> demand.wanted[part])
                        .thenComparingDouble(part -> overall.wanted[part])
                        .thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }

    private List<Integer> candidates(Group group) {
        List<String> labels = group.files().keySet().stream()
                .sorted(Comparator.comparingInt((String label) -> groupsLeft.get(label))
                        .thenComparingInt(label -> rank(candidates(label).getFirst()))
                        .thenComparing(CodePoints.ORDER))
                .toList();
        List<Integer> agreed = candidates(labels.getFirst());
        for (String label : labels.subList(1, labels.size())) {
            List<Integer> wanted = candidates(label);
            List<Integer> both = agreed.stream().filter(wanted::contains).toList();
            agreed = both.isEmpty() ? agreed : both;
        }
        return agreed;
    }

    private List<Integer> candidates(String label) {
        List<Integer> parts = IntStream.range(0, shares.size())
                .filter(part -> shares.get(part).fraction() > 0)
                .boxed()
                .toList();
        boolean[] served = demands.get(label).served;
        List<Integer> unserved = parts.stream()
                .filter(part -> !served[part])
                .sorted(Comparator.comparingInt(this::rank))
                .toList();
        int left = groupsLeft.get(label);
        if (left > unserved.size()) {
            return parts;
        }
        int lastServed = rank(unserved.get(left - 1));
        return unserved.stream().filter(part -> rank(part) <= lastServed).toList();
    }

    private int rank(int part) {
        return shares.get(part).rank();
    }
}
