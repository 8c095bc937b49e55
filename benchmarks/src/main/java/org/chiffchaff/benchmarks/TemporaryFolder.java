package org.chiffchaff.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is gone when it is closed, or its process has ended. Public for the benchmarks that lie in the package they measure. */
public final class TemporaryFolder implements AutoCloseable {
    private final Path path;
    private final Thread lastResort = new Thread(this::delete);

    public TemporaryFolder() {
        try {
            path = Files.createTempDirectory("chiffchaff-benchmark");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook at work.
            return;
        }
        delete();
    }

    private void delete() {
        try (Stream<Path> walk = Files.walk(path)) {
            List<Path> innermostFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path each : innermostFirst) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
