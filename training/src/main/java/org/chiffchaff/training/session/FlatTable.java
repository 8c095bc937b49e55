package org.chiffchaff.training.session;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One table of a FlatBuffers file, its fields by slot; what is absent reads as zero or empty. */
final class FlatTable extends Table {
    private static final int IDENTIFIER_ENDS = 8;

    private FlatTable(ByteBuffer bytes, int position) {
        __reset(position, bytes);
    }

    static boolean identifies(ByteBuffer bytes, String identifier) {
        return bytes.remaining() >= IDENTIFIER_ENDS && __has_identifier(bytes, identifier);
    }

    static FlatTable root(ByteBuffer bytes) {
        return new FlatTable(bytes, bytes.getInt(bytes.position()) + bytes.position());
    }

    int integer(int slot) {
        int offset = offset(slot);
        return offset == 0 ? 0 : bb.getInt(bb_pos + offset);
    }

    String string(int slot) {
        int offset = offset(slot);
        return offset == 0 ? "" : __string(bb_pos + offset);
    }

    FlatTable table(int slot) {
        return new FlatTable(bb, __indirect(bb_pos + offset(slot)));
    }

    List<FlatTable> tables(int slot) {
        List<FlatTable> tables = new ArrayList<>();
        int offset = offset(slot);
        int count = count(offset, Integer.BYTES);
        for (int i = 0; i < count; i++) {
            tables.add(new FlatTable(bb, __indirect(__vector(offset) + i * Integer.BYTES)));
        }
        return tables;
    }

    long[] longs(int slot) {
        int offset = offset(slot);
        long[] values = new long[count(offset, Long.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = bb.getLong(__vector(offset) + i * Long.BYTES);
        }
        return values;
    }

    ByteBuffer bytes(int slot) {
        int offset = offset(slot);
        return offset == 0
                ? ByteBuffer.allocate(0)
                : bb.slice(__vector(offset), __vector_len(offset)).order(ByteOrder.LITTLE_ENDIAN);
    }

    // Of a vector; a damaged one may promise more than the file holds.
    private int count(int offset, int elementBytes) {
        int count = offset == 0 ? 0 : __vector_len(offset);
        return Objects.checkIndex(count, bb.limit() / elementBytes + 1);
    }

    // The first two entries of a table's directory are its sizes, two bytes each.
    private int offset(int slot) {
        return __offset(4 + 2 * slot);
    }
}
