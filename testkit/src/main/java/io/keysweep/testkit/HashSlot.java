package io.keysweep.testkit;

import java.nio.charset.StandardCharsets;

/** The slot that a cluster puts a key into: CRC16 (XModem) of the key, or of its hash tag, modulo 16384. */
public final class HashSlot {

    /** How many there are. */
    public static final int COUNT = 16_384;

    private HashSlot() {}

    /** The slot of a key, 0 to 16383. */
    public static int of(String key) {
        int crc = 0;
        for (byte b : hashed(key).getBytes(StandardCharsets.UTF_8)) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
            crc &= 0xffff;
        }
        return crc % COUNT;
    }

    private static String hashed(String key) {
        int open = key.indexOf('{');
        int close = open < 0 ? -1 : key.indexOf('}', open + 1);
        return close > open + 1 ? key.substring(open + 1, close) : key;
    }
}
