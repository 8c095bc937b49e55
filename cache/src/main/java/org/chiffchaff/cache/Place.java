package org.chiffchaff.cache;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A folder that may become the cache folder.
 *
 * @param origin who named it
 * @param forbidden why it must not be used, whether or not it could be
 */
record Place(Path path, String origin, Optional<String> forbidden) {
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private Place(Path path, String origin) {
        this(path.toAbsolutePath().normalize(), origin, Optional.empty());
    }

    /** The one that was named. */
    static Optional<Place> named(Map<String, String> environment, Optional<String> property) {
        return property.map(path -> new Place(Path.of(path), "--cache-dir"))
                .or(() -> folder(environment, CacheFolder.VARIABLE, ""));
    }

    /** Those to be tried where none was named, in this order. Lazy, as the last may have to be made to be known. */
    static Stream<Place> customary(Map<String, String> environment) {
        return Stream.<Supplier<Optional<Place>>>of(
                        // By its own specification, the variable is void where its path is relative.
                        () -> folder(environment, "XDG_CACHE_HOME", "chiffchaff")
                                .filter(place -> Path.of(environment.get("XDG_CACHE_HOME"))
                                        .isAbsolute()),
                        () -> home(environment),
                        () -> Optional.of(temporary()))
                .map(Supplier::get)
                .flatMap(Optional::stream);
    }

    private static Optional<Place> folder(Map<String, String> environment, String variable, String within) {
        return Optional.ofNullable(environment.get(variable))
                .filter(path -> !path.isEmpty())
                .map(path -> new Place(Path.of(path).resolve(within), variable));
    }

    /** The customary place in the user's home. */
    private static Optional<Place> home(Map<String, String> environment) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.contains("windows")) {
            return folder(environment, "LOCALAPPDATA", "chiffchaff");
        }
        String within = system.contains("mac") ? "Library/Caches/chiffchaff" : ".cache/chiffchaff";
        // Without the variable, Java still knows what the system's list of users says; "?" is a user who is not in it.
        return folder(environment, "HOME", within)
                .or(() -> CacheFolder.property("user.home")
                        .filter(home -> Path.of(home).isAbsolute())
                        .map(home -> new Place(Path.of(home, within), "the user's home")));
    }

    // The temporary folder is everybody's, and whoever can write a library into ours runs it as us.
    private static Place temporary() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        String origin = "the temporary folder";
        try {
            String user = user(folder);
            Path ours = folder.resolve("chiffchaff-" + user.replaceAll("[^\\w.-]", "_"));
            return new Place(ours, origin, notPrivate(ours, user));
        } catch (IOException e) {
            return new Place(folder, origin, Optional.of(words(e)));
        }
    }

    /** What the system calls the owner of what we make. */
    private static String user(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder, ".chiffchaff", "");
        try {
            return Files.getOwner(probe).getName();
        } finally {
            Files.delete(probe);
        }
    }

    private static Optional<String> notPrivate(Path folder, String user) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Optional.empty();
        }
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // Whose it is, is asked next.
        }
        boolean ours = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(user)
                && Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).stream()
                        .noneMatch(OTHERS_WRITE::contains);
        return ours ? Optional.empty() : Optional.of("others can write there, or it is not the user's own");
    }

    /** What went wrong with a file, without Java's names for it. */
    static String words(IOException failure) {
        if (failure instanceof FileSystemException at) {
            String reason = Optional.ofNullable(at.getReason())
                    .orElse(
                            switch (at) {
                                case AccessDeniedException denied -> "permission denied";
                                case FileAlreadyExistsException taken -> "is in the way and no folder";
                                default -> at.getClass().getSimpleName();
                            });
            return at.getFile() + ": " + reason;
        }
        return failure.getMessage();
    }
}
