package io.keysweep.engine.estimate;

import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the backlog of one server, as estimated or counted, and the cost of a sweep.
 *
 * @param nodeId the server of the request, {@code host:port}
 * @param countedOn the server that was read, {@code host:port}: a replica of the requested server, or that server
 *     itself
 * @param method how the backlog was determined
 * @param flavour product family of the server that was read
 * @param version its version
 * @param keys number of keys that it holds, dead ones included
 * @param volatileKeys how many of them have a TTL
 * @param dead dead keys at the start: the most likely number, or a count if {@code exact}
 * @param lowest lower end of the 95 % interval of {@code dead}
 * @param highest upper end of the 95 % interval of {@code dead}
 * @param exact whether every key was visited on a replica, so that {@code dead} is a count; it is exact if no keys
 *     change meanwhile
 * @param sampledKeys about how many keys were covered, live and dead
 * @param calls number of SCAN calls
 * @param reclaimed dead keys that the sample has reclaimed; 0 on a replica
 * @param deadBytes bytes that the dead keys use, if they are of average size: dead × used_memory_dataset / keys; null
 *     if the server does not report that
 * @param cost the estimated cost of a sweep
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

    /** States how a backlog was determined. */
    public enum Method {
        /** Visits every key on a replica. */
        REPLICA_PASS,
        /** Visits a sample of the keys on a replica. */
        REPLICA_SAMPLE,
        /** Visits a sample of the keys on the primary, which reclaims the dead keys among them. */
        PRIMARY_SAMPLE
    }

    /** Returns the share of dead keys among the keys with a TTL, 0 to 1; 0 if there are none. */
    public double shareOfVolatile() {
        return volatileKeys == 0 ? 0 : Math.min(1, dead / (double) volatileKeys);
    }

    /** Returns the bytes that the dead keys of all estimates use; null if one of the servers does not report it. */
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
