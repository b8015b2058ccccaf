package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Holds how many keys others created and removed during a run of a sweep, between two readings of INFO.
 *
 * <p>{@link MemoryReport} needs it to separate the memory that the sweep freed from the memory that others used or
 * freed.
 *
 * @param inflow the net inflow: keys created less keys deleted by clients; below 0 if more were deleted than created.
 *     It is calculated as the growth of the number of keys, plus all keys that expired or were evicted.
 * @param expiredElsewhere keys that expired but were not reclaimed by the sweep: by the server's own expiry cycle, or
 *     when a client accessed them
 * @param evicted keys that the server evicted to stay within its memory limit
 */
public record KeyFlow(long inflow, long expiredElsewhere, long evicted) {

    /**
     * Calculates the flow between two readings of INFO from one server.
     *
     * @param reclaimed expired keys that the sweep reclaimed between the two readings
     * @return null if the flow cannot be calculated: the readings come from different server processes, the server does
     *     not report the counters or its number of keys, or a counter was reset or contradicts {@code reclaimed}
     */
    static @Nullable KeyFlow between(ServerInfo infoBefore, ServerInfo infoAfter, long reclaimed) {
        OptionalLong expiredGrowth = growth("expired_keys", infoBefore, infoAfter);
        OptionalLong evictedGrowth = growth("evicted_keys", infoBefore, infoAfter);
        boolean isSameProcess = infoBefore.text("run_id").equals(infoAfter.text("run_id"));
        if (!isSameProcess || expiredGrowth.isEmpty() || evictedGrowth.isEmpty()) {
            return null;
        }
        long expiredElsewhere = expiredGrowth.getAsLong() - reclaimed;
        // Counters only grow, unless another client resets them (CONFIG RESETSTAT).
        if (expiredElsewhere < 0 || evictedGrowth.getAsLong() < 0) {
            return null;
        }
        long keysBefore = Keyspace.of(infoBefore).totalKeys();
        long keysAfter = Keyspace.of(infoAfter).totalKeys();
        // Both readings count no key, although keys were reclaimed. Some proxies leave the keyspace out of INFO.
        if (reclaimed > 0 && keysBefore == 0 && keysAfter == 0) {
            return null;
        }
        long moreKeys = keysAfter - keysBefore;
        return new KeyFlow(
                moreKeys + expiredGrowth.getAsLong() + evictedGrowth.getAsLong(),
                expiredElsewhere,
                evictedGrowth.getAsLong());
    }

    /** Returns by how much a counter of INFO has grown, below 0 after a reset; empty if a reading lacks it. */
    private static OptionalLong growth(String counter, ServerInfo infoBefore, ServerInfo infoAfter) {
        OptionalLong from = infoBefore.number(counter);
        OptionalLong to = infoAfter.number(counter);
        return from.isPresent() && to.isPresent()
                ? OptionalLong.of(to.getAsLong() - from.getAsLong())
                : OptionalLong.empty();
    }

    /** Returns a lower bound for the number of keys that others have created or removed. */
    long minKeysByOthers() {
        return Math.abs(inflow) + expiredElsewhere + evicted;
    }
}
