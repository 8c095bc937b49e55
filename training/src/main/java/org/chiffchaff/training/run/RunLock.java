package org.chiffchaff.training.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.chiffchaff.training.TrainingException;

/**
 * Held by whoever trains in a run's folder: two at once would overwrite each other's checkpoints. The system lets go of
 * it however the process ends. Reading the folder takes none.
 */
public final class RunLock {
    private static final String FILE = ".lock";

    // A process has a lock once or not at all, and on some systems loses it by opening and closing the file again.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private RunLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Works while holding the lock of a run's folder, which exists.
     *
     * @throws TrainingException where somebody else has it
     */
    public static void holding(Path root, Runnable work) {
        RunLock lock = take(root);
        try {
            work.run();
        } finally {
            lock.release();
        }
    }

    private static RunLock take(Path root) {
        try {
            Path file = root.toRealPath().resolve(FILE);
            if (!HELD_HERE.add(file)) {
                throw taken(root, Long.toString(ProcessHandle.current().pid()));
            }
            RunLock lock = null;
            try {
                lock = lock(root, file);
                return lock;
            } finally {
                if (lock == null) {
                    HELD_HERE.remove(file);
                }
            }
        } catch (IOException e) {
            throw new TrainingException(
                    "Cannot lock the run folder " + root + ": " + e
                            + "; expected a file system that knows locks, so that no two processes train there",
                    e);
        }
    }

    private static RunLock lock(Path root, Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
            if (!locked) {
                throw taken(root, Files.readString(file).strip());
            }
            String pid = ProcessHandle.current().pid() + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
            return new RunLock(file, channel);
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static TrainingException taken(Path root, String process) {
        return new TrainingException("The run " + root + " is being trained already, by process " + process
                + "; wait until it ends, or stop it (kill " + process + " saves it), then: train --resume " + root);
    }

    private void release() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new TrainingException("Cannot unlock " + file + ": " + e, e);
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
