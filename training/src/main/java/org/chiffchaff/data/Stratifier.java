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
 * come first, and where they are too many, those of the lowest rank.
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
    private final Map<String, Integer> partOf = new HashMap<>();

    private Stratifier(List<Recording> recordings, List<Share> shares) {
        this.shares = shares;
        overall = new Demand(shares, recordings.size());
        Map<String, Integer> files = new HashMap<>();
        recordings.forEach(recording -> files.merge(recording.label(), 1, Integer::sum));
        files.forEach((label, count) -> demands.put(label, new Demand(shares, count)));
    }

    /** The part of every group by its name, as an index into the shares. */
    static Map<String, Integer> assign(List<Recording> recordings, List<Share> shares, long seed) {
        Stratifier stratifier = new Stratifier(recordings, shares);
        List<Group> unassigned = groups(recordings, seed);
        while (!unassigned.isEmpty()) {
            String label = scarcest(unassigned);
            List<Group> pending = unassigned.stream()
                    .filter(group -> group.files().containsKey(label))
                    .sorted(Comparator.comparingInt(
                                    (Group group) -> -group.files().get(label))
                            .thenComparingLong(Group::order))
                    .toList();
            for (int done = 0; done < pending.size(); done++) {
                stratifier.place(pending.get(done), stratifier.choose(label, pending.size() - done));
            }
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

    private static String scarcest(List<Group> unassigned) {
        Map<String, Integer> groups = new TreeMap<>(CodePoints.ORDER);
        unassigned.forEach(group -> group.files().keySet().forEach(label -> groups.merge(label, 1, Integer::sum)));
        return groups.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private void place(Group group, int part) {
        partOf.put(group.name(), part);
        group.files().forEach((label, files) -> {
            demands.get(label).serve(part, files);
            overall.serve(part, files);
        });
    }

    /** The part that wants most of the label, then most files of any label, then the first. */
    private int choose(String label, int groupsLeft) {
        Demand demand = demands.get(label);
        return candidates(demand, groupsLeft).stream()
                .max(Comparator.comparingDouble((Integer part) -> demand.wanted[part])
                        .thenComparingDouble(part -> overall.wanted[part])
                        .thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }

    private List<Integer> candidates(Demand demand, int groupsLeft) {
        List<Integer> parts = IntStream.range(0, shares.size())
                .filter(part -> shares.get(part).fraction() > 0)
                .boxed()
                .toList();
        List<Integer> unserved = parts.stream()
                .filter(part -> !demand.served[part])
                .sorted(Comparator.comparingInt(this::rank))
                .toList();
        if (groupsLeft > unserved.size()) {
            return parts;
        }
        int lastServed = rank(unserved.get(groupsLeft - 1));
        return unserved.stream().filter(part -> rank(part) <= lastServed).toList();
    }

    private int rank(int part) {
        return shares.get(part).rank();
    }
}
