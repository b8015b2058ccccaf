package io.keysweep.engine.assist;

/**
 * Describes how hard the expiry cycle of a server works, by the two settings {@code hz} and {@code
 * active-expire-effort}.
 *
 * <p>The expiry cycle is the server's own removal of expired keys: it samples keys with a TTL and frees the expired
 * ones. The times here come from the function {@code activeExpireCycle} in Redis 6.0 and later and in Valkey.
 *
 * <p>The <i>slow</i> cycle runs once per tick of the server's timer, and its time slice is a part of the tick. So more
 * ticks per second make each slice shorter. The <i>fast</i> cycle runs between two ticks while many of the sampled keys
 * have expired. Its length depends on the effort alone. Example: with effort 10 and 500 ticks per second, a slow cycle
 * takes at most 0.86 ms and a fast one 3.25 ms.
 *
 * @param effort {@code active-expire-effort}, 1 to 10. The cycle stops when few of the keys that it samples have
 *     expired: 1 % at effort 10, 10 % at effort 1
 * @param hz {@code hz}, the number of ticks per second, 1 to 500
 */
record CycleDrive(int effort, int hz) {

    /** The highest effort, the only one with which the cycle continues until at most 1 % of its samples are dead. */
    static final int MAX_EFFORT = 10;

    /** The largest number of ticks per second that servers accept. */
    static final int MAX_HZ = 500;

    /** The drive that assist sets. It has the shortest time slices, and checks the most keys with a TTL per second. */
    static final CycleDrive HARD = new CycleDrive(MAX_EFFORT, MAX_HZ);
}
