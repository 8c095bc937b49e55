package org.chiffchaff.cli;

import java.nio.file.Path;
import org.chiffchaff.cache.CacheFolder;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A subcommand that unpacks libraries or keeps features: {@code --cache-dir} is added to it. The option counts for the
 * whole process, as its libraries do.
 */
public interface CachingSubcommand extends Subcommand {
    /** The option, which does its work by being read. */
    static OptionSpec cacheDirectory() {
        return OptionSpec.builder("--cache-dir")
                .type(Path.class)
                .paramLabel("DIR")
                .setter(CachingSubcommand::use)
                .description("Where libraries are unpacked and features kept. Default: " + CacheFolder.VARIABLE
                        + ", else a folder of your own that can be written ('doctor' says which).")
                .build();
    }

    private static <T> T use(T folder) {
        // picocli clears an option, by null, before it reads a command line; an earlier command's still holds.
        if (folder != null) {
            System.setProperty(CacheFolder.PROPERTY, folder.toString());
        }
        return folder;
    }
}
