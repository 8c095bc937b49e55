package org.chiffchaff.serving;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A connection whose HTTP/2 frames are written by hand: for what no client of good will sends. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GO_AWAY = 7;

    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int CANCEL = 8;
    // The first bytes of a field: from HPACK's static table, of an indexed name, of a new name.
    private static final byte[] POST_BY_HTTP = {(byte) 0x83, (byte) 0x86};
    private static final byte[] AUTHORITY = {0x01};
    private static final byte[] PATH = {0x04};
    private static final byte[] CONTENT_TYPE = {0x0f, 0x10};

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    RawHttp2(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        // A read is not ended by a test's timeout.
        socket.setSoTimeout(60_000);
        out = new BufferedOutputStream(socket.getOutputStream(), 64 << 10);
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
        flush();
    }

    /** Reads no byte of any answer from now on. */
    void noWindow() throws IOException {
        frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
    }

    /** Opens a call of the contract; the first stream is 1, the next 3. */
    void call(int stream, String method, Map<String, String> headers) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(POST_BY_HTTP);
        field(block, AUTHORITY, "localhost");
        field(block, PATH, "/chiffchaff.v1.IdentifyService/" + method);
        field(block, CONTENT_TYPE, "application/grpc");
        headers.forEach((name, value) -> {
            block.write(0);
            string(block, name);
            string(block, value);
        });
        frame(HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    /** The start of a message that claims so many bytes, and the first of them. */
    void message(int stream, int claimedBytes, byte[] first) throws IOException {
        byte[] start = ByteBuffer.allocate(5 + first.length)
                .put((byte) 0)
                .putInt(claimedBytes)
                .put(first)
                .array();
        frame(DATA, 0, stream, start);
    }

    void data(int stream, byte[] bytes, boolean last) throws IOException {
        frame(DATA, last ? END_STREAM : 0, stream, bytes);
    }

    void reset(int stream) throws IOException {
        frame(RESET, 0, stream, new byte[] {0, 0, 0, CANCEL});
    }

    void ping() throws IOException {
        frame(PING, 0, 0, new byte[8]);
        flush();
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Reads on to the first frame of one of these kinds. */
    int await(int... types) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.skipNBytes(5L + length);
            for (int awaited : types) {
                if (type == awaited) {
                    return type;
                }
            }
        }
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(9)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream);
        out.write(header.array());
        out.write(payload);
    }

    private static void field(ByteArrayOutputStream block, byte[] name, String value) {
        block.writeBytes(name);
        string(block, value);
    }

    // Lengths of 127 and more go on in the next bytes, seven bits each.
    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                block.write(rest % 128 + 128);
                rest /= 128;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
