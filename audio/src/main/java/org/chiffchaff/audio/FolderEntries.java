package org.chiffchaff.audio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What lies directly in a folder, each in the order of the paths, so that nothing depends on the disk's.
 *
 * @param folders links to folders included
 * @param files regular files, links to them included; what they hold is not looked at
 * @param leftOut what is hidden or neither
 */
public record FolderEntries(List<Path> folders, List<Path> files, List<LeftOut> leftOut) {
    public FolderEntries {
        folders = List.copyOf(folders);
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
    }

    /** @throws IOException where the folder cannot be read */
    public static FolderEntries of(Path folder) throws IOException {
        List<Path> folders = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (Path entry : sorted(folder)) {
            if (entry.getFileName().toString().startsWith(".")) {
                leftOut.add(new LeftOut(entry, LeftOut.Kind.HIDDEN, "hidden"));
            } else if (Files.isDirectory(entry)) {
                folders.add(entry);
            } else if (Files.isRegularFile(entry)) {
                files.add(entry);
            } else {
                leftOut.add(neither(entry));
            }
        }
        return new FolderEntries(folders, files, leftOut);
    }

    private static LeftOut neither(Path entry) {
        if (Files.exists(entry)) {
            return new LeftOut(entry, LeftOut.Kind.NO_FILE, "a pipe, a socket or a device");
        }
        return Files.isSymbolicLink(entry)
                ? new LeftOut(entry, LeftOut.Kind.DANGLING_LINK, "a link that leads nowhere")
                : new LeftOut(entry, LeftOut.Kind.UNREADABLE, "cannot be read by this user");
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
