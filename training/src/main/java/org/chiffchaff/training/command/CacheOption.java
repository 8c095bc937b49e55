package org.chiffchaff.training.command;

import java.nio.file.Path;
import org.chiffchaff.cache.CacheException;
import org.chiffchaff.cache.CacheFolder;
import picocli.CommandLine.Option;

/** Where features are kept; shared by the commands that compute them. */
final class CacheOption {
    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where features are kept between runs. Default: 'features' in the folder of --cache-dir.")
    private Path folder;

    /** The folder that was named, absolute; empty where none was. */
    String named() {
        return folder == null ? "" : folder().toString();
    }

    /** @throws CacheException where no folder was named and none will do */
    Path folder() {
        return (folder == null ? CacheFolder.of("features") : folder)
                .toAbsolutePath()
                .normalize();
    }
}
