package org.chiffchaff.models;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The files of one bundle, as they are read: whole, of a bounded size, and only regular files that lie within its folder,
 * wherever links lead. A pipe would be waited at for ever, and a file elsewhere is nothing that the bundle's digests cover.
 */
record BundleFiles(Path folder) {
    /** Of a network; weights of several hundred million parameters. */
    private static final long MOST_MODEL_BYTES = 1L << 30;

    /** Of everything else. */
    private static final long MOST_BYTES = 64L << 20;

    String text(String name) {
        return new String(content(name), StandardCharsets.UTF_8);
    }

    byte[] content(String name) {
        Path path = folder.resolve(name).normalize();
        if (!path.startsWith(folder.normalize())) {
            throw outside(name);
        }
        try {
            Path file = path.toRealPath();
            if (!file.startsWith(folder.toRealPath())) {
                throw outside(name);
            }
            verify(name, Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ModelException(path + " cannot be read: " + e, e);
        }
    }

    private void verify(String name, BasicFileAttributes file) {
        if (!file.isRegularFile()) {
            throw new ModelException(folder.resolve(name)
                    + " is no regular file; a bundle holds nothing else, such as pipes or folders");
        }
        long most = name.equals(BundleWriter.MODEL) ? MOST_MODEL_BYTES : MOST_BYTES;
        if (file.size() > most) {
            throw new ModelException(folder.resolve(name) + " has " + file.size() + " bytes; expected at most " + most);
        }
    }

    private ModelException outside(String name) {
        return new ModelException("The bundle " + folder + " names " + name + ", which is outside of it");
    }
}
