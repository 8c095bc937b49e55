package org.chiffchaff.audio;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Damages a file at random places: bits, sizes, lengths, order. The same seed damages the same file the same way. */
final class Mutation {
    private static final int[] EXTREMES = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7FFF, 0xFFFF, 1 << 24};

    private final Random random;
    private byte[] file;

    private Mutation(byte[] file, long seed) {
        this.file = file.clone();
        this.random = new Random(seed);
    }

    static byte[] of(byte[] file, long seed) {
        Mutation mutation = new Mutation(file, seed);
        int times = 1 + mutation.random.nextInt(8);
        for (int i = 0; i < times; i++) {
            mutation.mutate();
        }
        return mutation.file;
    }

    private void mutate() {
        switch (random.nextInt(7)) {
            case 0 -> file[place()] ^= (byte) (1 << random.nextInt(8));
            case 1 -> file[place()] = (byte) random.nextInt(256);
            case 2 -> putExtreme();
            case 3 -> move(0);
            case 4 -> move(1 + random.nextInt(64));
            case 5 -> file = Arrays.copyOf(file, 1 + place());
            default -> copyOver();
        }
    }

    // Headers lie at the start, and decide most.
    private int place() {
        return random.nextInt(random.nextBoolean() ? file.length : Math.min(file.length, 600));
    }

    private void putExtreme() {
        int place = place();
        if (place + 4 <= file.length) {
            ByteBuffer.wrap(file).putInt(place, EXTREMES[random.nextInt(EXTREMES.length)]);
        }
    }

    // Takes some bytes out, or puts some in.
    private void move(int bytes) {
        int place = place();
        int kept = bytes == 0 ? Math.max(1, place - random.nextInt(64)) : place;
        byte[] moved = Arrays.copyOf(file, kept + bytes + file.length - place);
        System.arraycopy(file, place, moved, kept + bytes, file.length - place);
        file = moved;
    }

    private void copyOver() {
        int from = place();
        int to = place();
        int bytes = Math.min(random.nextInt(200), file.length - Math.max(from, to));
        System.arraycopy(file, from, file, to, bytes);
    }
}
