package io.keysweep.server.cliff;

import io.keysweep.testkit.RespClient;

/** Plants keys whose TTLs make a cliff: a time in which far more keys expire than around it. */
public final class CliffKeys {

    /** The number of keys that expire together. */
    public static final int EXPIRING = 20_000;

    /** The time in seconds until they expire. */
    public static final int SECONDS = 40_000;

    private CliffKeys() {}

    /**
     * Plants the keys in database 0. Twice as many keys live for days. With so many live keys, the server's own
     * expiry leaves thousands of dead keys, so that a forecast proposes a scan.
     */
    public static void plant(RespClient client) {
        client.call(
                "EVAL",
                "for i = 1, " + EXPIRING + " do redis.call('SET', 'cart:' .. i, 'x', 'EX', " + SECONDS + ") end"
                        + " for i = 1, " + 2 * EXPIRING + " do redis.call('SET', 'user:' .. i, 'x', 'EX', 432000) end"
                        + " return 1",
                "0");
    }
}
