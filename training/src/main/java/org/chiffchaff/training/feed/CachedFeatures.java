package org.chiffchaff.training.feed;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.chiffchaff.training.TrainingException;

/**
 * Features in a file. It is opened for each window: neither open files nor mapped memory grow with the number of
 * recordings, which both have a bound, and what was read is the system's to keep or forget.
 *
 * @param start of the first window in the file
 */
record CachedFeatures(Path file, long start, int windows, int windowBytes) implements Features {
    @Override
    public void read(int window, ByteBuffer into) {
        ByteBuffer target = into.slice(into.position(), windowBytes);
        long position = start + (long) window * windowBytes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (target.hasRemaining()) {
                if (channel.read(target, position + target.position()) < 0) {
                    throw new EOFException("the file ends within window " + window + " of " + windows);
                }
            }
        } catch (IOException e) {
            throw new TrainingException(
                    "The cached features " + file + " cannot be read any more: " + e
                            + "; give the same command again, or --resume the run, and they are made anew",
                    e);
        }
        into.position(into.position() + windowBytes);
    }
}
