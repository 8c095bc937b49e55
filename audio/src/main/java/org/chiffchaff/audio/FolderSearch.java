package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * One walk through a folder, which nothing stops. Each folder is entered once, however many links lead to it: by its
 * own path where that is within the search, else by the first link.
 */
final class FolderSearch {
    private final Path start;
    private final Path whole;
    private final Path realWhole;
    private final Queue<Path> folders = new ArrayDeque<>();
    private final Queue<Path> links = new ArrayDeque<>();
    private final Set<Path> entered = new HashSet<>(); // real
    private final List<Path> searched = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    /** @param whole a link to this folder, or to one that holds it, leads back */
    FolderSearch(Path whole, Path start) throws IOException {
        this.whole = whole;
        this.realWhole = whole.toRealPath();
        this.start = start;
        folders.add(start);
        while (!folders.isEmpty() || !links.isEmpty()) {
            enter(folders.isEmpty() ? links.remove() : folders.remove());
        }
    }

    /** Regular files, links to them included. */
    List<Path> files() {
        return files;
    }

    List<LeftOut> leftOut() {
        return leftOut;
    }

    /** The folders in which none of the recordings lies; of nested ones the outermost, and never the start. */
    List<LeftOut> foldersWithout(Collection<Path> recordings) {
        Set<Path> holding = new HashSet<>();
        holding.add(start);
        for (Path recording : recordings) {
            Path folder = recording.getParent();
            while (holding.add(folder)) {
                folder = folder.getParent();
            }
        }
        return searched.stream()
                .filter(folder -> !holding.contains(folder) && holding.contains(folder.getParent()))
                .map(folder -> new LeftOut(folder, LeftOut.Kind.EMPTY_FOLDER, "a folder without a recording"))
                .toList();
    }

    private void enter(Path folder) {
        try {
            Path real = folder.toRealPath();
            boolean leadsBack = !folder.equals(whole) && realWhole.startsWith(real);
            if (leadsBack || !entered.add(real)) {
                leave(folder, LeftOut.Kind.LOOP, "a link to " + real + ", which is searched already");
                return;
            }
            FolderEntries entries = FolderEntries.of(folder);
            entries.folders().forEach(each -> (Files.isSymbolicLink(each) ? links : folders).add(each));
            files.addAll(entries.files());
            leftOut.addAll(entries.leftOut());
            searched.add(folder);
        } catch (IOException e) {
            leave(folder, LeftOut.Kind.UNREADABLE, unreadable(e));
        }
    }

    private void leave(Path path, LeftOut.Kind kind, String reason) {
        leftOut.add(new LeftOut(path, kind, reason));
    }

    private static String unreadable(IOException e) {
        return e instanceof AccessDeniedException ? "cannot be read by this user" : "cannot be read: " + e;
    }
}
