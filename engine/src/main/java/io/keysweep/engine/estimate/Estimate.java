package io.keysweep.engine.estimate;

import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a backlog.
 *
 * @param nodeId the server that was asked about, {@code host:port}
 * @param countedOn the server that was read, {@code host:port}; a replica of it, or itself
 * @param method how it was found out
 * @param flavour family of the server that was read
 * @param version its version
 * @param keys keys that it holds, dead ones included
 * @param volatileKeys how many of them have a TTL
 * @param dead dead keys at the start: the likeliest number, or the count where {@code exact}
 * @param lowest lower end of the 95 % interval of {@code dead}
 * @param highest upper end of it
 * @param exact whether every key was passed on a replica, so that {@code dead} is a count; true of a key space that
 *     stands still meanwhile
 * @param sampledKeys about how many keys were passed, live and dead
 * @param calls SCAN calls that it took
 * @param reclaimed dead keys that the sample has reclaimed; 0 on a replica
 * @param deadBytes bytes that the dead keys hold, taking every key for an average one: dead × used_memory_dataset /
 *     keys; null where the server does not tell
 * @param cost what a sweep would take
 */
public record Estimate(
        String nodeId,
        String countedOn,
        Method method,
        Flavour flavour,
        String version,
        long keys,
        long volatileKeys,
        long dead,
        long lowest,
        long highest,
        boolean exact,
        long sampledKeys,
        long calls,
        long reclaimed,
        @Nullable Long deadBytes,
        SweepCost cost) {

    /** How a backlog can be found out. */
    public enum Method {
        /** Every key passed on a replica. */
        REPLICA_PASS,
        /** Some segments passed on a replica. */
        REPLICA_SAMPLE,
        /** Some segments passed on the primary; the dead keys there are reclaimed. */
        PRIMARY_SAMPLE
    }

    /** The dead keys' share of the keys with a TTL, 0 to 1; 0 where there are none. */
    public double shareOfVolatile() {
        return volatileKeys == 0 ? 0 : Math.min(1, dead / (double) volatileKeys);
    }

    /** Bytes that the dead keys of all of them hold; null where one of the servers does not tell. */
    public static @Nullable Long deadBytes(List<Estimate> estimates) {
        long sum = 0;
        for (Estimate estimate : estimates) {
            Long bytes = estimate.deadBytes;
            if (bytes == null) {
                return null;
            }
            sum += bytes;
        }
        return sum;
    }
}
