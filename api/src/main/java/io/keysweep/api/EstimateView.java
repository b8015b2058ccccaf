package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents the last estimate of an instance's backlog. The backlog is the number of dead keys: expired keys that
 * still hold memory.
 *
 * @param instanceId id of the instance
 * @param by id of the access key that requested the estimate
 * @param madeAt when the estimate was made
 * @param dead number of dead keys on all primaries
 * @param deadBytes approximate memory of the dead keys in bytes; null if a server does not report it
 * @param exact whether {@code dead} is a count, because {@code exact} is true for every primary
 * @param primaries one entry for each primary
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
     * Represents the estimated backlog of one primary.
     *
     * @param nodeId address of the primary, {@code host:port}
     * @param countedOn address of the server whose keys were read: the primary itself or one of its replicas
     * @param method {@code REPLICA_PASS} if every key of a replica was read, {@code REPLICA_SAMPLE} if a sample of them
     *     was read, {@code PRIMARY_SAMPLE} if a sample was read on the primary, which removes the dead keys in it
     * @param keys number of keys, including dead keys
     * @param volatileKeys number of keys with a TTL, including dead keys
     * @param dead number of dead keys: a count if {@code exact} is true, otherwise the most likely number
     * @param lowest lower end of the 95 % interval of {@code dead}
     * @param highest upper end of the 95 % interval of {@code dead}
     * @param exact whether every key was read, so that {@code dead} is a count and not an estimate
     * @param sampledKeys approximate number of keys that were read
     * @param reclaimed number of dead keys that the sample has removed; 0 on a replica
     * @param deadBytes approximate memory of the dead keys in bytes; null if the server does not report it
     * @param sweepSeconds approximate duration of a sweep of this primary
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

    /** Holds the approximate duration of a sweep with each profile, a named pace, in seconds. */
    public record SweepSeconds(double gentle, double balanced, double full) {}
}
