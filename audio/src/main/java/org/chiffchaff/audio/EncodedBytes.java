package org.chiffchaff.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Encoded bytes as a read-only channel, from a file or from memory. Files go the same way as memory, through Java, so
 * FFmpeg never sees a path, and what it makes of names ("concat:..", "http:..") is never reached.
 */
final class EncodedBytes implements SeekableByteChannel {
    private final ByteBuffer bytes;
    private boolean open = true;

    private EncodedBytes(ByteBuffer bytes) {
        this.bytes = bytes.duplicate();
    }

    /** Opens a source that is there and not empty. The caller closes the channel. */
    static SeekableByteChannel open(AudioSource source) {
        return switch (source) {
            case FileSource found when size(found.file()) > 0 -> openFile(found.file());
            case MemorySource memory when memory.encoded().hasRemaining() -> new EncodedBytes(memory.encoded());
            default -> throw new AudioException(source.name(), "is empty (0 bytes); a recording is expected");
        };
    }

    /** Closes what {@link #open} returned. */
    static void close(SeekableByteChannel encoded) {
        try {
            encoded.close();
        } catch (IOException e) {
            // Only reading was asked of it, and that is over.
        }
    }

    private static long size(Path file) {
        if (!Files.exists(file)) {
            throw new AudioException(file.toString(), "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new AudioException(file.toString(), "is a folder; a recording is expected");
        }
        // A pipe would be waited at for ever, and a device may have no end.
        if (!Files.isRegularFile(file)) {
            throw new AudioException(file.toString(), "is a pipe or a device; a recording in a file is expected");
        }
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new AudioException(file.toString(), "cannot be read: " + e, e);
        }
    }

    private static SeekableByteChannel openFile(Path file) {
        try {
            return FileChannel.open(file);
        } catch (IOException e) {
            throw new AudioException(file.toString(), "cannot be read: " + e, e);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int count = Math.min(bytes.remaining(), target.remaining());
        target.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        return count;
    }

    @Override
    public long position() {
        return bytes.position();
    }

    @Override
    public SeekableByteChannel position(long position) {
        // Past the end is legal in a channel and means that nothing is left to read.
        bytes.position((int) Math.min(position, bytes.capacity()));
        return this;
    }

    @Override
    public long size() {
        return bytes.capacity();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
