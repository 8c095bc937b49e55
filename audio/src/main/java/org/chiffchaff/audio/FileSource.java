package org.chiffchaff.audio;

import java.nio.file.Path;
import java.util.Objects;

record FileSource(Path file) implements AudioSource {
    FileSource {
        Objects.requireNonNull(file, "file");
    }

    @Override
    public String name() {
        return file.toString();
    }
}
