package io.keysweep.testkit;

import java.nio.charset.StandardCharsets;

/**
 * Calculates the slot of a key in a cluster, so that tests can create keys on a certain primary.
 *
 * <p>The slot is CRC16 (XModem) of the key modulo 16384. If the key contains a hash tag, such as {@code tag} in {@code
 * a{tag}b}, only the tag is used. Source: the Redis cluster specification.
 */
public final class HashSlot {

    /** The number of slots of a cluster. */
    public static final int COUNT = 16_384;

    private HashSlot() {}

    /** Returns the slot of a key, 0 to 16383. */
    public static int of(String key) {
        // CRC16 with the polynomial 0x1021 and the start value 0, as the variant XModem requires.
        int crc = 0;
        for (byte b : hashedPart(key).getBytes(StandardCharsets.UTF_8)) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
            crc &= 0xffff;
        }
        return crc % COUNT;
    }

    // Only the first opening brace and the next closing brace form a tag. An empty tag is ignored.
    private static String hashedPart(String key) {
        int open = key.indexOf('{');
        int close = open < 0 ? -1 : key.indexOf('}', open + 1);
        return close > open + 1 ? key.substring(open + 1, close) : key;
    }
}
