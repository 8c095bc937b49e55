package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds recordings in folders. */
public final class AudioFiles {
    // Nearly always recordings, and looked at closely when they are decoded: a data set of ten thousand is not opened
    // twice for the sake of those that are not.
    private static final Set<String> TRUSTED =
            Set.of("wav", "flac", "mp3", "ogg", "oga", "opus", "m4a", "aac", "aif", "aiff");

    private static final int LOWEST_HERTZ = 1_000;

    private AudioFiles() {}

    /**
     * The recordings in a folder and its subfolders. Links are followed; a file counts whose content the decoder takes,
     * whatever its name. Files whose ending promises a recording are taken at their word until they are decoded,
     * if they can be read.
     * Nothing that is met stops the search, and whatever is no recording is among what was left out.
     *
     * <p>A file given directly is taken whatever its name and content.
     *
     * @throws AudioException where nothing is there, or what is there is neither file nor folder
     */
    public static FoundFiles search(Path fileOrFolder) {
        requireName(fileOrFolder);
        if (!Files.exists(fileOrFolder)) {
            throw new AudioException(fileOrFolder.toString(), "there is no such file or folder");
        }
        if (Files.isDirectory(fileOrFolder)) {
            return searchWithin(fileOrFolder, fileOrFolder);
        }
        requireFile(fileOrFolder);
        return new FoundFiles(List.of(fileOrFolder), List.of());
    }

    /**
     * As {@link #search}, of a folder within a larger whole.
     *
     * @param whole a link from the folder to this one, or to one that holds it, leads back and is not followed
     */
    public static FoundFiles searchWithin(Path whole, Path folder) {
        requireName(folder);
        FolderSearch search = walk(whole, folder);
        // In parallel, because a folder may hold a table beside every recording.
        List<LeftOut> noAudio = search.files().parallelStream()
                .flatMap(file -> refusal(file).stream())
                .toList();
        Set<Path> refused = noAudio.stream().map(LeftOut::path).collect(Collectors.toSet());
        List<Path> recordings = search.files().stream()
                .filter(file -> !refused.contains(file))
                .sorted()
                .toList();
        List<LeftOut> leftOut = Stream.of(
                        search.leftOut().stream(), noAudio.stream(), search.foldersWithout(recordings).stream())
                .flatMap(each -> each)
                .sorted(Comparator.comparing(LeftOut::path))
                .toList();
        return new FoundFiles(recordings, leftOut);
    }

    // Java takes the empty path, such as an unset variable makes, for the working folder.
    private static void requireName(Path fileOrFolder) {
        if (fileOrFolder.toString().isEmpty()) {
            throw new AudioException("''", "is no name of a file or folder");
        }
    }

    private static FolderSearch walk(Path whole, Path folder) {
        try {
            return new FolderSearch(whole, folder);
        } catch (IOException e) {
            throw new AudioException(whole.toString(), "cannot be searched: " + e, e);
        }
    }

    /**
     * @throws AudioException for a pipe, a socket or a device: reading one may never end
     */
    static void requireFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new AudioException(file.toString(), "is a pipe or a device; a recording in a file is expected");
        }
    }

    private static boolean isTrusted(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot >= 0 && TRUSTED.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static Optional<LeftOut> refusal(Path file) {
        if (!Files.isReadable(file)) {
            return Optional.of(new LeftOut(file, LeftOut.Kind.UNREADABLE, "cannot be read by this user"));
        }
        if (isTrusted(file)) {
            return Optional.empty();
        }
        try {
            PcmStream.open(AudioSource.of(file), LOWEST_HERTZ).close();
            return Optional.empty();
        } catch (AudioException e) {
            return Optional.of(new LeftOut(file, LeftOut.Kind.NOT_AUDIO, e.reason()));
        }
    }
}
