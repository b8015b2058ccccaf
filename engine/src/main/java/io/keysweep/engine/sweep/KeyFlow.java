package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Keys that came and went beside a sweep, between two looks at INFO. All that is known of keys which were created is
 * how many there are more than there would be without: keys after less keys before, plus all that expired or was evicted.
 *
 * @param inflow keys created less keys deleted; below 0 where more were deleted
 * @param expiredElsewhere keys that expired, but not by the sweep: the server's own expiry, and whoever asked for them
 * @param evicted keys evicted for memory
 */
public record KeyFlow(long inflow, long expiredElsewhere, long evicted) {

    /**
     * The flow between two looks at one server.
     *
     * @param reclaimed expired keys that the sweep has reclaimed in between
     * @return null where it cannot be told: the process is another one or does not count, or its counters were reset or do
     *     not add up with {@code reclaimed}
     */
    static @Nullable KeyFlow between(ServerInfo before, ServerInfo after, long reclaimed) {
        OptionalLong expired = growth("expired_keys", before, after);
        OptionalLong evicted = growth("evicted_keys", before, after);
        boolean sameProcess = before.text("run_id").equals(after.text("run_id"));
        if (!sameProcess || expired.isEmpty() || evicted.isEmpty()) {
            return null;
        }
        long elsewhere = expired.getAsLong() - reclaimed;
        if (elsewhere < 0 || evicted.getAsLong() < 0) {
            return null;
        }
        long more = Keyspace.of(after).totalKeys() - Keyspace.of(before).totalKeys();
        return new KeyFlow(more + expired.getAsLong() + evicted.getAsLong(), elsewhere, evicted.getAsLong());
    }

    private static OptionalLong growth(String counter, ServerInfo before, ServerInfo after) {
        OptionalLong from = before.number(counter);
        OptionalLong to = after.number(counter);
        return from.isPresent() && to.isPresent()
                ? OptionalLong.of(to.getAsLong() - from.getAsLong())
                : OptionalLong.empty();
    }

    /** How many keys came or went but for the sweep, at least. */
    long besideTheSweep() {
        return Math.abs(inflow) + expiredElsewhere + evicted;
    }
}
