package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The backlog of an instance as it was estimated last.
 *
 * @param instanceId whose
 * @param by access key that has asked for it
 * @param madeAt when it was done
 * @param dead dead keys on all primaries
 * @param deadBytes what they hold, about; null where a server does not tell
 * @param exact whether {@code dead} is a count
 * @param primaries one a primary
 */
public record EstimateView(
        String instanceId,
        String by,
        Instant madeAt,
        long dead,
        @Nullable Long deadBytes,
        boolean exact,
        List<Primary> primaries) {

    /**
     * The backlog of one primary.
     *
     * @param nodeId the primary
     * @param countedOn the server that was read, a replica of it or itself
     * @param method how the backlog was estimated: {@code REPLICA_PASS}, {@code REPLICA_SAMPLE} or {@code PRIMARY_SAMPLE}
     * @param keys keys that it holds, dead ones included
     * @param volatileKeys how many of them have a TTL
     * @param dead dead keys, the likeliest number or the count
     * @param lowest lower end of the 95 % interval
     * @param highest upper end of it
     * @param exact whether every key was passed
     * @param sampledKeys about how many keys were passed
     * @param reclaimed dead keys that the sample has removed; 0 on a replica
     * @param deadBytes what the dead keys hold, about; null where the server does not tell
     * @param sweepSeconds about how long a sweep would take
     */
    public record Primary(
            String nodeId,
            String countedOn,
            String method,
            long keys,
            long volatileKeys,
            long dead,
            long lowest,
            long highest,
            boolean exact,
            long sampledKeys,
            long reclaimed,
            @Nullable Long deadBytes,
            SweepSeconds sweepSeconds) {}

    /** About how long a sweep takes by profile, s. */
    public record SweepSeconds(double gentle, double balanced, double full) {}
}
