package org.chiffchaff.serving;

import io.grpc.Decompressor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * gzip that looks at its input only when it is read. grpc-java's own does so before, on the transport's thread, where a
 * request that is no gzip becomes a stack trace and UNKNOWN.
 */
record PatientGzip() implements Decompressor {
    @Override
    public String getMessageEncoding() {
        return "gzip";
    }

    @Override
    public InputStream decompress(InputStream compressed) {
        return new Opening(compressed);
    }

    private static final class Opening extends InputStream {
        private final InputStream compressed;
        private Optional<InputStream> opened = Optional.empty();

        Opening(InputStream compressed) {
            this.compressed = compressed;
        }

        private InputStream opened() throws IOException {
            if (opened.isEmpty()) {
                opened = Optional.of(new GZIPInputStream(compressed));
            }
            return opened.get();
        }

        @Override
        public int read() throws IOException {
            return opened().read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return opened().read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (opened.isPresent()) {
                opened.get().close();
            }
            compressed.close();
        }
    }
}
