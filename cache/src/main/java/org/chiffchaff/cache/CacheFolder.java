package org.chiffchaff.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one folder for all that can be made anew: unpacked libraries, features. It is the one that was named, by {@code
 * --cache-dir} or {@code CHIFFCHAFF_CACHE}; else the first that will do of the system's customary place for caches and
 * the temporary folder. One will do if this user can write there and the system starts programs from there.
 *
 * @param path absolute; exists
 * @param origin who named it, such as {@code HOME}
 * @param passedOver the folders that came before it and will not do, each with the reason
 */
public record CacheFolder(Path path, String origin, List<String> passedOver) {
    /** The system property that {@code --cache-dir} sets. */
    public static final String PROPERTY = "chiffchaff.cache";

    /** The environment variable that counts where the property is not set. */
    public static final String VARIABLE = "CHIFFCHAFF_CACHE";

    private static final String REMEDY = "; name a folder that can be written with --cache-dir or " + VARIABLE;

    public CacheFolder {
        passedOver = List.copyOf(passedOver);
    }

    /**
     * Chooses, and makes the folder where there is none. Chosen anew at every call, as a disk may have become full or a
     * property set.
     *
     * @throws CacheException where no folder will do
     */
    public static CacheFolder choose() {
        return choose(System.getenv(), property(PROPERTY));
    }

    /**
     * The folder of one kind of things within the chosen one; made where there is none.
     *
     * @param name of the kind, such as {@code features}
     * @throws CacheException where no folder will do
     */
    public static Path of(String name) {
        Path folder = choose().path.resolve(name);
        unusable(folder).ifPresent(reason -> {
            throw new CacheException(folder + ": " + reason + REMEDY);
        });
        return folder;
    }

    static CacheFolder choose(Map<String, String> environment, Optional<String> named) {
        List<String> passedOver = new ArrayList<>();
        Iterator<Place> places = Place.named(environment, named)
                .map(Stream::of)
                .orElseGet(() -> Place.customary(environment))
                .iterator();
        while (places.hasNext()) {
            Place place = places.next();
            Optional<String> reason = place.forbidden().or(() -> unusable(place.path()));
            if (reason.isEmpty()) {
                return new CacheFolder(place.path(), place.origin(), passedOver);
            }
            passedOver.add(place.path() + " (" + place.origin() + "): " + reason.get());
        }
        throw new CacheException(
                "no folder for unpacked libraries and features: " + String.join("; ", passedOver) + REMEDY);
    }

    /** A system property; one without content counts as not set. */
    static Optional<String> property(String name) {
        return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isEmpty());
    }

    /** Why nothing can be kept in a folder, which is made where there is none; empty if it can. */
    private static Optional<String> unusable(Path folder) {
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, ".probe", "");
            try {
                // On a file system mounted noexec no file counts as executable, and no library can be loaded from it.
                return probe.toFile().setExecutable(true) && Files.isExecutable(probe)
                        ? Optional.empty()
                        : Optional.of("programs may not be started from there (mounted noexec?)");
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            return Optional.of(Place.words(e));
        }
    }
}
