package org.chiffchaff.training;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where features are kept; shared by the commands that compute them. */
final class CacheOption {
    @Option(names = "--cache", paramLabel = "DIR", description = "Where features are kept between runs.")
    private Path folder = Path.of(System.getProperty("user.home"), ".cache", "chiffchaff", "features");

    Path folder() {
        return folder.toAbsolutePath().normalize();
    }
}
