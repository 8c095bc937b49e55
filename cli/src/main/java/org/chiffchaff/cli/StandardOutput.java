package org.chiffchaff.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where results go. A write that fails ends the command: it throws what a {@code PrintWriter} does not keep to itself,
 * and so no file is cut short unseen. What is written after that is dropped.
 */
final class StandardOutput extends OutputStream {
    private static final int KIND = 0170000;
    private static final int PIPE = 0010000;

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private boolean broken;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (broken) {
            return;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            broken = true;
            throw isPipe() ? new ReaderGoneException(e) : new OutputException(e);
        }
    }

    /** The one way a pipe fails is that nobody reads it. The error's own words depend on the system's language. */
    private static boolean isPipe() {
        try {
            return ((int) Files.getAttribute(Path.of("/dev/stdout"), "unix:mode") & KIND) == PIPE;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Results cannot be written. */
    static final class OutputException extends RuntimeException {
        private OutputException(IOException cause) {
            super("cannot write the results to standard output: " + cause.getMessage(), cause);
        }
    }

    /** Nobody wants the results any more, as in {@code chiffchaff identify ... | head}. */
    static final class ReaderGoneException extends RuntimeException {
        private ReaderGoneException(IOException cause) {
            super(cause);
        }
    }
}
