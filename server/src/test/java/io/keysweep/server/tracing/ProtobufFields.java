package io.keysweep.server.tracing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads the fields of a Protobuf message that have a length: texts, bytes and messages. */
final class ProtobufFields {

    // Wire types, the last three bits of a tag, which say how the value of a field is encoded.
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;

    private final List<Field> fields = new ArrayList<>();

    /** Reads the bytes of a message. Throws IllegalArgumentException at a field of an unknown wire type. */
    ProtobufFields(byte[] message) {
        ByteBuffer buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            int tag = (int) varint(buffer);
            switch (tag & 7) {
                case VARINT -> varint(buffer);
                case FIXED_64 -> buffer.getLong();
                case FIXED_32 -> buffer.getInt();
                case LENGTH -> {
                    byte[] content = new byte[(int) varint(buffer)];
                    buffer.get(content);
                    fields.add(new Field(tag >>> 3, content));
                }
                default -> throw new IllegalArgumentException("unknown wire type in tag " + tag);
            }
        }
    }

    /** Returns the contents of the fields with the given field number, in their order. */
    List<byte[]> messages(int number) {
        return fields.stream()
                .filter(field -> field.number == number)
                .map(Field::content)
                .toList();
    }

    /** Reads a number in groups of seven bits, the lowest first; the top bit of a byte says that another follows. */
    private static long varint(ByteBuffer buffer) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = buffer.get();
            value |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return value;
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // read immediately, and never compared
    private record Field(int number, byte[] content) {}
}
