package org.chiffchaff.models;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the bundle a folder stands for: the folder itself, or the one model beneath it in its highest version. So a model's
 * folder of versions, a run's {@code bundle/} and the run itself all do.
 */
final class BundleSearch {
    // RUNS/RUN/bundle/NAME/VERSION/manifest.json
    private static final int DEPTH = 5;

    private BundleSearch() {}

    static Path in(Path place) {
        if (Files.exists(place.resolve(BundleWriter.MANIFEST))) {
            return place;
        }
        if (!Files.exists(place)) {
            throw new ModelException("No model bundle at " + place + ": there is no such folder");
        }
        if (!Files.isDirectory(place)) {
            throw new ModelException("No model bundle at " + place + ": it is a file; a bundle is a folder with a "
                    + BundleWriter.MANIFEST);
        }
        Collection<Path> newest = newestOfEachModel(beneath(place));
        if (newest.isEmpty()) {
            throw new ModelException(
                    "No model bundle at " + place + ", nor beneath it: no folder there has a " + BundleWriter.MANIFEST);
        }
        if (newest.size() > 1) {
            throw new ModelException("There are " + newest.size() + " models beneath " + place + "; choose one: "
                    + newest.stream().map(Path::toString).collect(Collectors.joining(", ")));
        }
        return newest.iterator().next();
    }

    // A model's versions lie in one folder.
    private static Collection<Path> newestOfEachModel(List<Path> bundles) {
        Comparator<Path> byVersion =
                Comparator.comparing(Path::getFileName, Comparator.comparing(Path::toString, new VersionOrder()));
        Map<Path, Path> newest = new TreeMap<>();
        bundles.forEach(bundle -> newest.merge(
                bundle.getParent(), bundle, (one, other) -> byVersion.compare(one, other) < 0 ? other : one));
        return newest.values();
    }

    private static List<Path> beneath(Path place) {
        List<Path> bundles = new ArrayList<>();
        try {
            Files.walkFileTree(place, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean hidden = !folder.equals(place)
                            && folder.getFileName().toString().startsWith(".");
                    return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.endsWith(BundleWriter.MANIFEST)) {
                        bundles.add(file.getParent());
                    }
                    return FileVisitResult.CONTINUE;
                }

                // A folder that may not be read, or a link that leads nowhere, holds no bundle for us.
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new ModelException("The folder " + place + " cannot be read: " + e, e);
        }
        return bundles;
    }
}
