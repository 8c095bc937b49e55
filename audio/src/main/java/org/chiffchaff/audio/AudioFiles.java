package org.chiffchaff.audio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds recordings by the extensions of their names. */
public final class AudioFiles {
    private static final Set<String> EXTENSIONS =
            Set.of("wav", "flac", "mp3", "ogg", "oga", "opus", "m4a", "aac", "mp4", "aif", "aiff");

    private AudioFiles() {}

    /**
     * The recordings in a folder and its subfolders, in the order of their paths; links are followed, hidden files and
     * folders, whose names begin with a dot, are left out. A file given directly is taken whatever its name.
     *
     * @throws AudioException where nothing is there or a folder cannot be read
     */
    public static List<Path> find(Path fileOrFolder) {
        if (!Files.exists(fileOrFolder)) {
            throw new AudioException(fileOrFolder.toString(), "there is no such file or folder");
        }
        if (!Files.isDirectory(fileOrFolder)) {
            return List.of(fileOrFolder);
        }
        try (Stream<Path> paths = Files.walk(fileOrFolder, FileVisitOption.FOLLOW_LINKS)) {
            return paths.filter(path -> isAudio(path) && !isHidden(fileOrFolder.relativize(path)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(fileOrFolder, e);
        } catch (UncheckedIOException e) {
            throw unreadable(fileOrFolder, e.getCause());
        }
    }

    /** Whether the name's extension is that of a recording, in capitals or not. The file is not looked at. */
    public static boolean isAudio(Path path) {
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        return dot >= 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean isHidden(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static AudioException unreadable(Path folder, IOException cause) {
        return new AudioException(folder.toString(), "cannot be searched: " + cause, cause);
    }
}
