package org.chiffchaff.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds equal contents among recordings, and keeps them together. */
final class EqualContents {
    private static final String UNKNOWN = "";
    private static final int SAMPLES = 3;
    private static final int SAMPLE_BYTES = 4096;
    private static final int READ_BYTES = 1 << 18;

    private EqualContents() {}

    /** A recording as the disk knows it; the key is the same for all links to one file. */
    private record Stored(Recording recording, Path path, Object key, long bytes) {
        String size() {
            return Long.toString(bytes);
        }

        String sampled() {
            return digest(false);
        }

        String sha256() {
            return digest(true);
        }

        private String digest(boolean whole) {
            try (FileChannel channel = FileChannel.open(path)) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                ByteBuffer buffer = ByteBuffer.allocate(whole ? READ_BYTES : SAMPLE_BYTES);
                for (int sample = 0; channel.read(buffer) >= 0 && (whole || sample < SAMPLES); sample++) {
                    digest.update(buffer.flip());
                    buffer.clear();
                    if (!whole) {
                        channel.position(bytes * (sample + 1) / (SAMPLES + 1));
                    }
                }
                return HexFormat.of().formatHex(digest.digest());
            } catch (IOException e) {
                return UNKNOWN;
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("Every Java has SHA-256", e);
            }
        }
    }

    /**
     * All equal contents, by their first file. A file is read whole only where another has its size and some of its
     * bytes, and once however many links lead to it. Those that are empty or cannot be read are left to the decoder.
     *
     * @param paths where the recordings lie, by file
     */
    static List<EqualContent> among(List<Recording> recordings, Map<String, Path> paths) {
        Function<Stored, String> sha256 = once(Stored::sha256);
        List<List<Stored>> alike = List.of(recordings.parallelStream()
                .flatMap(each -> stored(each, paths.get(each.file())))
                .toList());
        for (Function<Stored, String> trait : List.of(Stored::size, once(Stored::sampled), sha256)) {
            alike = alike.parallelStream().flatMap(each -> parted(each, trait)).toList();
        }
        return alike.stream()
                .map(same -> new EqualContent(
                        sha256.apply(same.getFirst()),
                        same.stream().map(Stored::recording).sorted(BY_FILE).toList()))
                .sorted(Comparator.comparing(each -> each.recordings().getFirst(), BY_FILE))
                .toList();
    }

    private static final Comparator<Recording> BY_FILE = Comparator.comparing(Recording::file, CodePoints.ORDER);

    private static Stream<Stored> stored(Recording recording, Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Object key = attributes.fileKey() == null ? path.toRealPath() : attributes.fileKey();
            return attributes.size() == 0
                    ? Stream.of()
                    : Stream.of(new Stored(recording, path, key, attributes.size()));
        } catch (IOException e) {
            return Stream.of();
        }
    }

    private static Function<Stored, String> once(Function<Stored, String> trait) {
        Map<Object, String> known = new ConcurrentHashMap<>();
        return stored -> known.computeIfAbsent(stored.key(), key -> trait.apply(stored));
    }

    // Sets of two or more that share the trait.
    private static Stream<List<Stored>> parted(List<Stored> alike, Function<Stored, String> trait) {
        Map<String, List<Stored>> parts = alike.parallelStream().collect(Collectors.groupingByConcurrent(trait));
        parts.remove(UNKNOWN);
        return parts.values().stream().filter(part -> part.size() > 1);
    }

    /** The recordings with all groups made one that share a content, under the first of their names. */
    static List<Recording> joined(List<Recording> recordings, List<EqualContent> equalContents) {
        Map<String, String> groupOf = recordings.stream().collect(Collectors.toMap(Recording::file, Recording::group));
        Map<String, String> joinedTo = new HashMap<>();
        for (EqualContent content : equalContents) {
            List<String> groups = content.recordings().stream()
                    .map(each -> end(joinedTo, groupOf.get(each.file())))
                    .sorted(CodePoints.ORDER)
                    .toList();
            groups.stream()
                    .filter(group -> !group.equals(groups.getFirst()))
                    .forEach(group -> joinedTo.put(group, groups.getFirst()));
        }
        return recordings.stream()
                .map(each -> new Recording(each.file(), each.label(), end(joinedTo, each.group())))
                .toList();
    }

    private static String end(Map<String, String> joinedTo, String group) {
        String end = group;
        while (joinedTo.containsKey(end)) {
            end = joinedTo.get(end);
        }
        return end;
    }
}
