package org.chiffchaff.serving;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A wire to a server that carries so many bytes and waits; and that can be cut, which is all a killed client leaves. */
final class Relay implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch rest = new CountDownLatch(1);

    /**
     * @param bytes carried to the server before the wire waits for {@link #carryOn}
     */
    Relay(int port, long bytes) throws IOException {
        start(() -> {
            Socket client = listening.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            sockets.addAll(List.of(client, server));
            start(() -> server.getInputStream().transferTo(client.getOutputStream()));
            carry(client.getInputStream(), server.getOutputStream(), bytes);
        });
    }

    private void carry(InputStream from, OutputStream to, long bytes) throws IOException, InterruptedException {
        byte[] some = new byte[16 << 10];
        long left = bytes;
        while (left > 0) {
            int read = from.read(some, 0, (int) Math.min(left, some.length));
            if (read < 0) {
                return;
            }
            to.write(some, 0, read);
            left -= read;
        }
        rest.await();
        from.transferTo(to);
    }

    int port() {
        return listening.getLocalPort();
    }

    void carryOn() {
        rest.countDown();
    }

    /** Cuts the wire. */
    @Override
    public void close() throws IOException {
        carryOn();
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static void start(Carrying carrying) {
        Thread.startVirtualThread(() -> {
            try {
                carrying.run();
            } catch (IOException | InterruptedException cut) {
                // As it should be.
            }
        });
    }

    private interface Carrying {
        void run() throws IOException, InterruptedException;
    }
}
